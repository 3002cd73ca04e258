// What the log said last before a job failed.
import { Anchor, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { lastLinesQuery } from "../api/queries";
import { useMay } from "../api/rights";
import { clock } from "../show/format";
import classes from "./LastLines.module.css";

const SHOWN = 6;
/** So many lines of the host itself may stand after those of the module. */
const HOST_SAYS = 4;

export function LastLines({ job }: { job: Job }) {
  const may = useMay();
  const { data } = useQuery({ ...lastLinesQuery(job.id, job.last_log_seq, SHOWN + HOST_SAYS), enabled: may("logs:read") && job.last_log_seq > 0 });
  // What the host says at the end stands above already.
  const lines = (data ?? []).filter(({ source }) => source !== "host").slice(-SHOWN);
  if (lines.length === 0) return null;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text fz="xs" c="dimmed">The last lines of its log</Text>
        <Anchor component={Link} to={`/jobs/${job.id}?line=${lines[0]?.seq}`} fz="xs">Show them in the log</Anchor>
      </Group>
      <pre className={classes.lines} tabIndex={0}>
        {lines.map((line) => <div key={line.seq} data-level={line.level}><time>{clock(line.time)}</time> {line.message}</div>)}
      </pre>
    </div>
  );
}
