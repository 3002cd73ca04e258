// Small things that every page shows the same way: times, ids, numbers beside a limit.
import { ActionIcon, Anchor, Box, CopyButton, Group, Progress, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { absolute, ago, duration, number, shortId } from "./format";
import { useNow } from "./now";

/** A moment, relative; absolute on hover. */
export function Time({ at, none = "–" }: { at: string | null; none?: string }) {
  const now = useNow();
  if (at === null) return <Text span inherit c="dimmed">{none}</Text>;
  return (
    <Tooltip label={absolute(at)}>
      <Text span inherit component="time" dateTime={at} className="nowrap">{ago(at, now)}</Text>
    </Tooltip>
  );
}

/** How long a job has run, or ran. */
export function RanFor({ job }: { job: Job }) {
  const now = useNow();
  if (job.started_at === null) return <Text span inherit c="dimmed">–</Text>;
  const end = job.finished_at === null ? now : Date.parse(job.finished_at);
  return <Text span inherit className="nowrap figures">{duration(Math.max(0, end - Date.parse(job.started_at)))}</Text>;
}

export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copy ${what}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A short id that leads somewhere, and its whole to copy. */
export function Id({ id, to, what }: { id: string; to?: string; what: string }) {
  const short = shortId(id);
  return (
    <Group gap={2} wrap="nowrap" display="inline-flex">
      <Tooltip label={id}>
        {to === undefined ? (
          <Text span inherit ff="monospace">{short}</Text>
        ) : (
          <Anchor component={Link} to={to} inherit ff="monospace">{short}</Anchor>
        )}
      </Tooltip>
      <Copy text={id} what={what} />
    </Group>
  );
}

export function moduleId(job: Job): string {
  return `${job.module.name}@${job.module.version}`;
}

/** How far a job is: a bar where it says of how much, else the number that it says. */
export function JobProgress({ job }: { job: Pick<Job, "progress" | "status"> }) {
  const { progress, status } = job;
  if (progress === null) return <Text span inherit c="dimmed">–</Text>;
  const { done, total } = progress;
  if (total === null || total === undefined || total === 0) return <Text span inherit className="figures">{number(done)}</Text>;
  const share = Math.min(100, (done / total) * 100);
  const percent = `${share >= 100 || share === 0 ? Math.round(share) : share.toFixed(1)} %`;
  return (
    <Tooltip label={`${number(done)} of ${number(total)}`}>
      <Group gap={8} wrap="nowrap" miw={90}>
        <Progress value={share} color={status === "running" ? "blue.6" : "gray.5"} size="sm" flex={1} aria-label={`Progress: ${percent}`} />
        <Text span fz="xs" className="figures" w={46} ta="right">{percent}</Text>
      </Group>
    </Tooltip>
  );
}

/** A heading with what belongs to it at the right. */
export function Heading({ children, right }: { children: ReactNode; right?: ReactNode }) {
  return (
    <Group justify="space-between" mb="xs" gap="xs">
      <Text component="h2" fw={650} fz={15} m={0}>{children}</Text>
      {right}
    </Group>
  );
}

/** A term and what it is. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <Box>
      <Text component="dt" fz="xs" c="dimmed">{term}</Text>
      <Text component="dd" fz="sm" m={0}>{children}</Text>
    </Box>
  );
}
