// Small things that every page shows the same way: times, ids, numbers beside a limit. Lists have hundreds of them, so they
// are plain elements: a component with a theme behind each would cost more than all the rest of a row.
import { Box, Group, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { absolute, ago, duration, number, shortId } from "./format";
import { useNow } from "./now";
import classes from "./pieces.module.css";

/** A moment, relative; absolute on hover. */
export function Time({ at, none = "–" }: { at: string | null; none?: string }) {
  const now = useNow();
  if (at === null) return <span className={classes.none}>{none}</span>;
  return <time dateTime={at} title={absolute(at)} className="nowrap">{ago(at, now)}</time>;
}

/** A moment, absolute; relative on hover. */
export function Moment({ at }: { at: string | null }) {
  const now = useNow();
  return at === null ? null : <time dateTime={at} title={ago(at, now)}>{absolute(at)}</time>;
}

/** How long a job has run, or ran. */
export function RanFor({ job }: { job: Job }) {
  return job.started_at !== null && job.finished_at === null ? <RunsFor since={job.started_at} /> : <Ran job={job} />;
}

function RunsFor({ since }: { since: string }) {
  const now = useNow();
  return <span className="nowrap figures">{duration(Math.max(0, now - Date.parse(since)))}</span>;
}

function Ran({ job: { started_at, finished_at } }: { job: Job }) {
  if (started_at === null || finished_at === null || finished_at === undefined) return <span className={classes.none}>–</span>;
  return <span className="nowrap figures">{duration(Math.max(0, Date.parse(finished_at) - Date.parse(started_at)))}</span>;
}

export function Copy({ text, what }: { text: string; what: string }) {
  const { copied, copy } = useClipboard({ timeout: 1_000 });
  const Glyph = copied ? IconCheck : IconCopy;
  return (
    <button type="button" className={classes.copy} onClick={() => copy(text)} title={copied ? "Copied" : `Copy ${what}`} aria-label={`Copy ${what}`}>
      <Glyph size={14} aria-hidden />
    </button>
  );
}

/** A short id that leads somewhere, and its whole to copy. */
export function Id({ id, to, what }: { id: string; to?: string; what: string }) {
  const short = shortId(id);
  return (
    <span className={classes.id}>
      {to === undefined ? <span title={id}>{short}</span> : <Link to={to} title={id} className={classes.link}>{short}</Link>}
      <Copy text={id} what={what} />
    </span>
  );
}

export function moduleId(job: Job): string {
  return `${job.module.name}@${job.module.version}`;
}

/** How far a job is: a bar where it says of how much, else the number that it says. */
export function JobProgress({ job }: { job: Pick<Job, "progress" | "status"> }) {
  const { progress, status } = job;
  if (progress === null) return <span className={classes.none}>–</span>;
  const { done, total } = progress;
  if (total === null || total === undefined || total === 0) return <span className="figures">{number(done)}</span>;
  const share = Math.min(100, (done / total) * 100);
  const percent = `${share >= 100 || share === 0 ? Math.round(share) : share.toFixed(1)} %`;
  return (
    <span className={classes.progress} title={`${number(done)} of ${number(total)}`}>
      <span role="progressbar" aria-label={`Progress: ${percent}`} aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} data-running={status === "running" || undefined} className={classes.track}>
        <span style={{ width: `${share}%` }} />
      </span>
      <span className={classes.percent}>{percent}</span>
    </span>
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
