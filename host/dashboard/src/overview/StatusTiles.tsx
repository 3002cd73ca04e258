// How many jobs stand where, and for how long the oldest waits; each leads to them.
import { Paper, SimpleGrid, Skeleton, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { Link } from "react-router";

import type { HostStatus } from "../api/client";
import { duration, number } from "../show/format";
import { useNow } from "../show/now";
import { LOOKS, STATUSES } from "../show/Status";
import classes from "./StatusTiles.module.css";

function QueueAge({ host }: { host: HostStatus }) {
  const now = useNow();
  const since = host.oldest_pending_at ?? null;
  if (since === null) return <Text span c="dimmed" inherit>none</Text>;
  return <>{duration(Math.max(0, now - Date.parse(since)))}</>;
}

export function StatusTiles({ host }: { host: HostStatus | undefined }) {
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="sm">
      {STATUSES.map((status) => {
        const { icon: Glyph, word } = LOOKS[status];
        return (
          <Paper key={status} component={Link} to={`/jobs?status=${status}`} className={classes.tile} data-status={status}>
            <span className={classes.word}><Glyph size={15} aria-hidden /> {word}</span>
            {host === undefined ? <Skeleton height={32} width={64} /> : <span className={classes.count}>{number(host.jobs[status])}</span>}
          </Paper>
        );
      })}
      <Paper component={Link} to="/jobs?status=pending" className={classes.tile} title="For how long the oldest job waits that needs nothing but a free slot">
        <span className={classes.word}><IconHourglass size={15} aria-hidden /> Longest wait</span>
        {host === undefined ? <Skeleton height={32} width={64} /> : <span className={classes.count}><QueueAge host={host} /></span>}
      </Paper>
    </SimpleGrid>
  );
}
