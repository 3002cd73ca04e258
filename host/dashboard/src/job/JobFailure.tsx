// Why a job failed, or was stopped: what the module or the host said, and where it was.
import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlayerStop } from "@tabler/icons-react";

import type { Job } from "../api/client";
import { Copy } from "../show/pieces";
import classes from "./JobFailure.module.css";
import { LastLines } from "./LastLines";

/** What the codes mean, for who has not read the book. */
const MEANINGS: Record<string, string> = {
  "guest-failed": "The module itself said that it cannot go on.",
  trap: "The module did something that WebAssembly forbids, such as a panic or a division by zero.",
  "memory-limit": "The module asked for more memory than it may have.",
  "cpu-limit": "The module used more time on a processor than it may.",
  "crash-loop": "The host died several times in a row while this job ran.",
  "module-missing": "The module that the job runs is gone.",
  "module-untrusted": "The module is not signed by anybody whom this host trusts.",
  "host-error": "The host made a mistake; its own log says more.",
};

export function JobFailure({ job }: { job: Job }) {
  if (job.error !== null && job.error !== undefined) {
    const { code, message, backtrace } = job.error;
    return (
      <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={MEANINGS[code] ?? "The job failed."} classNames={{ body: classes.body, label: classes.label }}>
        <Stack gap="xs">
          <Text fz="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{message}</Text>
          <Group gap="xs"><Text fz="xs" c="dimmed">Code <Code>{code}</Code></Text></Group>
          <LastLines job={job} />
          {backtrace !== null && (
            <details>
              <summary><Text span fz="sm">Backtrace of the module</Text></summary>
              <Group justify="flex-end" h={0} style={{ position: "relative", top: 12 }}><Copy text={backtrace ?? ""} what="the backtrace" /></Group>
              <Code block mt={6} fz="xs" mah={320} style={{ overflow: "auto" }} tabIndex={0}>{backtrace}</Code>
            </details>
          )}
        </Stack>
      </Alert>
    );
  }
  if (job.stop === null || job.stop === undefined || job.status === "completed") return null;
  const { reason, forced } = job.stop;
  const why = reason === "duration-limit" ? "It had run for as long as it may." : "Somebody asked it to stop.";
  const ended = job.status === "stopped";
  return (
    <Alert color="yellow" variant="light" icon={<IconPlayerStop />} title={ended ? "Stopped" : "Asked to stop"}>
      <Text fz="sm">
        {why} {ended && forced && "It did not end by itself in time, so it was interrupted."} {ended && (job.removed.checkpoint_at === null ? "It can be resumed from its last checkpoint." : "Its checkpoint was removed since; it can be started over.")}
      </Text>
    </Alert>
  );
}
