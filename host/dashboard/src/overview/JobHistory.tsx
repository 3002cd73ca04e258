// Jobs over time: how they ended, in columns.
import { Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";

import type { Schemas } from "../api/client";
import { historyQuery } from "../api/queries";
import { absolute, number } from "../show/format";
import { Heading } from "../show/pieces";
import { Failure } from "../show/states";
import { LOOKS } from "../show/Status";
import classes from "./JobHistory.module.css";

// It brings a library along, which the rest of the page need not wait for.
const HistoryChart = lazy(() => import("./HistoryChart"));

type History = Schemas["JobHistory"];

const RANGES = {
  "1h": { word: "1 hour", step: "1m" },
  "24h": { word: "24 hours", step: "20m" },
  "7d": { word: "7 days", step: "2h" },
} as const;
type Range = keyof typeof RANGES;

const ENDS = ["completed", "failed", "stopped"] as const;
const HEIGHT = 190;
const CHOSEN = "cofferdam-history";

function chosen(): Range {
  const kept = localStorage.getItem(CHOSEN);
  return kept !== null && kept in RANGES ? (kept as Range) : "24h";
}

function Totals({ history }: { history: History | undefined }) {
  const total = (of: "started" | (typeof ENDS)[number]) => history?.steps.reduce((sum, step) => sum + step[of], 0);
  const shown = (count: number | undefined) => (count === undefined ? "…" : number(count));
  return (
    <Group gap="4px 16px">
      {ENDS.map((end) => <Text key={end} span fz="xs" className={classes.total} data-status={end}>{LOOKS[end].word} <b>{shown(total(end))}</b></Text>)}
      <Text span fz="xs" c="dimmed">{shown(total("started"))} started</Text>
    </Group>
  );
}

/** Since when the numbers are whole: what was deleted is not in them. */
function Kept({ history }: { history: History }) {
  const first = history.steps[0]?.at;
  const { oldest_ended_at: oldest } = history;
  if (oldest === null || oldest === undefined || first === undefined || oldest <= first) return <>Of the jobs that are kept.</>;
  return <>Of the jobs that are kept: the oldest ended {absolute(oldest)}.</>;
}

export function JobHistory() {
  const [range, setRange] = useState<Range>(chosen);
  const { word, step } = RANGES[range];
  const { data: history, error, refetch, isPlaceholderData } = useQuery({ ...historyQuery(range, step), placeholderData: keepPreviousData });
  const choose = (value: string): void => {
    localStorage.setItem(CHOSEN, value);
    setRange(value as Range);
  };
  const isEmpty = history?.steps.every((each) => ENDS.every((end) => each[end] === 0)) ?? false;
  const control = <SegmentedControl size="xs" aria-label="How far back" value={range} onChange={choose} data={(Object.keys(RANGES) as Range[]).map((value) => ({ value, label: value }))} />;
  if (error !== null && history === undefined) return <><Heading right={control}>Jobs over time</Heading><Failure error={error} retry={() => void refetch()} /></>;
  return (
    <>
      <Heading right={control}>Jobs over time</Heading>
      <figure className={classes.figure} aria-label={`Jobs that ended in the last ${word}`} aria-busy={isPlaceholderData || undefined}>
        <div className={classes.chart} style={{ height: HEIGHT }}>
          {history === undefined ? <Skeleton height={HEIGHT} aria-busy="true" /> : (
            <Suspense fallback={<Skeleton height={HEIGHT} aria-busy="true" />}><HistoryChart history={history} height={HEIGHT} /></Suspense>
          )}
          {isEmpty && <Text className={classes.empty} fz="sm" c="dimmed">No job ended in the last {word}.</Text>}
        </div>
        <figcaption className={classes.caption}>
          <Totals history={history} />
          <Text span fz="xs" c="dimmed">{history !== undefined && <Kept history={history} />}</Text>
        </figcaption>
      </figure>
    </>
  );
}
