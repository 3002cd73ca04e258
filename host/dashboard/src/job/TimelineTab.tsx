// When and where a job ran, and how each run ended.
import { Box, Group, Paper, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconClock, IconPlayerPlayFilled, IconPlayerStopFilled, IconX, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import type { Job, Schemas } from "../api/client";
import { attemptsQuery } from "../api/queries";
import { duration, number } from "../show/format";
import { useNow } from "../show/now";
import { Id, Time } from "../show/pieces";
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
  const ends = attempts.map(({ ended_at }) => (ended_at === null || ended_at === undefined ? now : Date.parse(ended_at)));
  const whole = Math.max(...ends) - begin;
  return (
    <Table.ScrollContainer minWidth={640} type="native" tabIndex={0}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attempt</Table.Th><Table.Th>How it ended</Table.Th><Table.Th>Began</Table.Th>
            <Table.Th>Ran for</Table.Th><Table.Th>Node</Table.Th><Table.Th>From the first start on</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map((attempt, at) => {
            const { icon: Glyph, text } = endOf(attempt);
            const ran = Math.max(0, (ends[at] ?? now) - Date.parse(attempt.started_at));
            return (
              <Table.Tr key={attempt.seq}>
                <Table.Td className="figures">{number(attempt.attempt)}</Table.Td>
                <Table.Td><Group gap={6} wrap="nowrap"><Glyph size={14} aria-hidden /><Text fz="sm">{text}</Text></Group></Table.Td>
                <Table.Td><Time at={attempt.started_at} /></Table.Td>
                <Table.Td className="figures nowrap">{duration(ran)}</Table.Td>
                <Table.Td><Id id={attempt.node} what="the node's id" /></Table.Td>
                <Table.Td w="28%"><Span attempt={attempt} begin={begin} whole={whole} now={now} /></Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
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
