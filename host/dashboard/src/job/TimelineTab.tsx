// When and where a job ran, and how each run ended.
import { Box, Group, Paper, Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconClock, IconPlayerPlayFilled, IconPlayerStopFilled, IconX, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import type { Job, Schemas } from "../api/client";
import { attemptsQuery } from "../api/queries";
import { duration, number } from "../show/format";
import { useNow } from "../show/now";
import { Id, Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import classes from "./TimelineTab.module.css";

type Attempt = Schemas["Attempt"];

interface End {
  icon: Icon;
  color: string;
  text: string;
}

/** How an attempt ended, in words: what the host calls it, and what that means. */
const ENDS: Record<string, End> = {
  running: { icon: IconPlayerPlayFilled, color: "blue", text: "runs" },
  completed: { icon: IconCheck, color: "green", text: "completed" },
  failed: { icon: IconX, color: "red", text: "failed" },
  stopped: { icon: IconPlayerStopFilled, color: "yellow", text: "stopped" },
  released: { icon: IconArrowBackUp, color: "gray", text: "gave the job back, to go on later" },
  crashed: { icon: IconAlertTriangle, color: "red", text: "its host died" },
};

function endOf(attempt: Attempt): End {
  const outcome = attempt.outcome ?? "running";
  return ENDS[outcome] ?? { icon: IconClock, color: "gray", text: outcome };
}

function How({ attempt }: { attempt: Attempt }) {
  const { icon: Glyph, text } = endOf(attempt);
  return <Group gap={6} wrap="nowrap"><Glyph size={14} aria-hidden /><Text fz="sm">{text}</Text></Group>;
}

/** Where an attempt lies between the first one's start and the last one's end. */
function Span({ attempt, begin, whole, now }: { attempt: Attempt; begin: number; whole: number; now: number }) {
  const start = Date.parse(attempt.started_at);
  const end = attempt.ended_at === null || attempt.ended_at === undefined ? now : Date.parse(attempt.ended_at);
  const share = (time: number) => (whole <= 0 ? 0 : Math.min(100, Math.max(0, (time / whole) * 100)));
  return (
    <Box className={classes.track} aria-hidden>
      <Box className={classes.span} bg={`${endOf(attempt).color}.6`} style={{ left: `${share(start - begin)}%`, width: `${share(end - start)}%` }} />
    </Box>
  );
}

function Attempts({ attempts }: { attempts: Attempt[] }) {
  const now = useNow();
  const begin = Date.parse(attempts[0]?.started_at ?? "");
  const endsAt = ({ ended_at }: Attempt): number => (ended_at === null || ended_at === undefined ? now : Date.parse(ended_at));
  const whole = Math.max(...attempts.map(endsAt)) - begin;
  const columns: Column<Attempt>[] = [
    { head: "Attempt", className: "figures", cell: ({ attempt }) => number(attempt) },
    { head: "How it ended", cell: (attempt) => <How attempt={attempt} /> },
    { head: "Began", cell: (attempt) => <Time at={attempt.started_at} /> },
    { head: "Ran for", className: "figures", cell: (attempt) => <span className="nowrap">{duration(Math.max(0, endsAt(attempt) - Date.parse(attempt.started_at)))}</span> },
    { head: "Node", cell: (attempt) => <Id id={attempt.node} what="the node's id" /> },
    { head: "From the first start on", width: "28%", cell: (attempt) => <Span attempt={attempt} begin={begin} whole={whole} now={now} /> },
  ];
  return <Records rows={attempts} columns={columns} id={(attempt) => attempt.seq} minWidth={640} spacing={6} />;
}

export default function TimelineTab({ job }: { job: Job }) {
  const attempts = useQuery(attemptsQuery(job));
  return (
    <Paper p="md">
      <Shown of={attempts} rows={3}>
        {(page) => page.attempts.length === 0 ? (
          <Empty icon={IconClock} title="It has not run yet">Each run shows here, with where it ran and how it ended.</Empty>
        ) : (
          <Attempts attempts={page.attempts} />
        )}
      </Shown>
    </Paper>
  );
}
