// The columns of the overview. Loaded for itself: nothing else draws.
import "@mantine/charts/styles.css";

import { BarChart } from "@mantine/charts";
import { Paper, Text } from "@mantine/core";
import { useMemo } from "react";

import type { Schemas } from "../api/client";
import { number } from "../show/format";
import { LOOKS } from "../show/Status";

type Step = Schemas["JobHistoryStep"];

/** From below: what went well carries the rest. */
const SERIES = [
  { name: "completed", color: "#2f9e44" },
  { name: "stopped", color: "#f08c00" },
  { name: "failed", color: "#e03131" },
] as const;

const COUNT = new Intl.NumberFormat("en", { notation: "compact" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const DAY_MS = 86_400_000;

const MINUTE_MS = 60_000;

/** As columns are called: by the clock, over days by the day. */
function called(at: string, spanMs: number): string {
  return (spanMs > 2 * DAY_MS ? DAY : TIME).format(new Date(at));
}

/** Columns that are called anything: those with a round time on the reader's own clock in them. */
function named(steps: Step[], stepMs: number): string[] {
  const spanMs = steps.length * stepMs;
  const everyMs = spanMs > 2 * DAY_MS ? DAY_MS : spanMs > DAY_MS / 4 ? 3 * 60 * MINUTE_MS : 10 * MINUTE_MS;
  const local = (at: string): number => Date.parse(at) - new Date(at).getTimezoneOffset() * MINUTE_MS;
  return steps.filter(({ at }) => local(at) % everyMs < stepMs).map(({ at }) => at);
}

function Details({ step, stepMs }: { step: Step; stepMs: number }) {
  const begin = new Date(step.at);
  const end = new Date(begin.getTime() + stepMs);
  return (
    <Paper px="sm" py={6} shadow="sm">
      <Text fz="xs" fw={600}>{DAY.format(begin)}, {TIME.format(begin)} – {TIME.format(end)}</Text>
      {[...SERIES].reverse().map(({ name }) => step[name] > 0 && <Text key={name} fz="xs" className="figures">{LOOKS[name].word} {number(step[name])}</Text>)}
      <Text fz="xs" c="dimmed" className="figures">{number(step.started)} started</Text>
    </Paper>
  );
}

export default function HistoryChart({ history, height }: { history: Schemas["JobHistory"]; height: number }) {
  const { steps, step_ms } = history;
  const data = useMemo(() => steps.map((step) => ({ ...step })), [steps]);
  return (
    <BarChart
      h={height}
      data={data}
      dataKey="at"
      type="stacked"
      series={[...SERIES]}
      maxBarWidth={26}
      gridAxis="x"
      tickLine="none"
      withLegend={false}
      xAxisProps={{ tickFormatter: (at: string) => called(at, steps.length * step_ms), ticks: named(steps, step_ms), minTickGap: 24, interval: "equidistantPreserveStart" }}
      yAxisProps={{ allowDecimals: false, width: 42, tickFormatter: (count: number) => COUNT.format(count), tickCount: 5, domain: [0, (most: number) => 4 * Math.max(1, Math.ceil(most / 4))] }}
      barProps={{ isAnimationActive: false }}
      barChartProps={{ accessibilityLayer: false, margin: { top: 6, right: 4, bottom: 0, left: 0 }, barCategoryGap: "18%" }}
      tooltipAnimationDuration={0}
      tooltipProps={{
        content: ({ payload }) => {
          const step = payload?.[0]?.payload as Step | undefined;
          return step === undefined ? null : <Details step={step} stepMs={step_ms} />;
        },
      }}
    />
  );
}
