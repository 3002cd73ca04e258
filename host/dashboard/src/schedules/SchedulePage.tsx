// One schedule: when it comes next, what it starts, what became of its last occurrences.
import { Anchor, Badge, Code, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { nextRunsQuery, scheduleQuery } from "../api/queries";
import { absolute, durationMs, span } from "../show/format";
import { Json } from "../show/Json";
import { labelTexts } from "../show/labels";
import { Fact, Heading, Id, Time } from "../show/pieces";
import { Shown } from "../show/states";
import { Actions } from "./Actions";
import { CATCH_UPS, OVERLAPS, keptTexts, type Schedule } from "./draft";
import { History } from "./History";
import classes from "./SchedulePage.module.css";

const wordFor = (all: { value: string; label: string }[], value: string): string => all.find((one) => one.value === value)?.label ?? value;

/** The times after the next one. */
function AfterThat({ schedule }: { schedule: Schedule }) {
  const { data } = useQuery(nextRunsQuery(schedule.id, schedule.next_run_at, schedule.updated_at));
  const later = data?.slice(1) ?? [];
  if (later.length === 0) return null;
  return <Fact term="After that">{later.map(({ run_at }) => <span key={run_at} className={classes.time}>{absolute(run_at)}</span>)}</Fact>;
}

function Facts({ schedule }: { schedule: Schedule }) {
  const { catch_up: { policy, limit, max_age }, job } = schedule;
  const made = policy === "none" ? wordFor(CATCH_UPS, policy) : `${wordFor(CATCH_UPS, policy)}${policy === "all" ? `, ${limit} at most` : ""}, up to ${span(max_age)} old`;
  return (
    <SimpleGrid component="dl" cols={{ base: 2, md: 3, lg: 4 }} spacing="sm" verticalSpacing="xs" m={0}>
      <Fact term="When"><Code>{schedule.cron}</Code> <Text span fz="xs" c="dimmed">{schedule.time_zone}</Text></Fact>
      <Fact term="Next">
        {schedule.paused ? <Badge size="sm" variant="default" tt="none">paused</Badge> : <Time at={schedule.next_run_at} none="never" />}
        {schedule.next_run_at !== null && <span className={classes.time}>{absolute(schedule.next_run_at)}</span>}
      </Fact>
      <AfterThat schedule={schedule} />
      <Fact term="Starts"><Anchor component={Link} to={`/modules/${encodeURIComponent(job.module_id)}`} inherit>{job.module_id}</Anchor></Fact>
      <Fact term="Its jobs"><Anchor component={Link} to={`/jobs?schedule=${encodeURIComponent(schedule.name)}`} inherit>in the list</Anchor></Fact>
      <Fact term="While the last one runs">{wordFor(OVERLAPS, schedule.overlap)}</Fact>
      <Fact term="What was missed">{made}</Fact>
      <Fact term="Put off by up to">{durationMs(schedule.jitter) === 0 ? "nothing" : schedule.jitter}</Fact>
      <Fact term="Counts as missed after">{span(schedule.late_after)}</Fact>
      <Fact term="Changed"><Time at={schedule.updated_at} />{schedule.created_by !== null && ` by ${schedule.created_by}`}</Fact>
      <Fact term="Id"><Id id={schedule.id} what="the schedule's id" /></Fact>
    </SimpleGrid>
  );
}

/** How its jobs run, as far as somebody chose. */
function Runs({ job }: { job: Schedule["job"] }) {
  const chosen: [string, string][] = [
    ...(job.max_duration === null ? [] : [["Longest run time", job.max_duration] satisfies [string, string]]),
    ...(job.retry.max_attempts > 1 ? [["Retries", `up to ${job.retry.max_attempts} attempts, ${job.retry.backoff} apart at first`] satisfies [string, string]] : []),
    ...(job.priority === 0 ? [] : [["Priority", String(job.priority)] satisfies [string, string]]),
    ...(Object.keys(job.labels).length === 0 ? [] : [["Labels", labelTexts(job.labels).join(", ")] satisfies [string, string]]),
    ...(keptTexts(job).length === 0 ? [] : [["And", keptTexts(job).map(([, text]) => text).join(", ")] satisfies [string, string]]),
  ];
  if (chosen.length === 0) return null;
  return (
    <SimpleGrid component="dl" cols={{ base: 2, md: 4 }} spacing="sm" verticalSpacing="xs" mb="sm">
      {chosen.map(([term, text]) => <Fact key={term} term={term}>{text}</Fact>)}
    </SimpleGrid>
  );
}

function Given({ name, value }: { name: string; value: Record<string, unknown> }) {
  return (
    <div>
      <Text fz="xs" c="dimmed">{name}</Text>
      {Object.keys(value).length === 0 ? <Text fz="sm">None: the module&apos;s own defaults.</Text> : <Json value={value} name={name.toLowerCase()} />}
    </div>
  );
}

export function SchedulePage({ id }: { id: string }) {
  const asked = useQuery(scheduleQuery(id));
  return (
    <Shown<Schedule> of={asked} rows={6}>
      {(schedule) => (
        <Stack gap="md">
          <Group justify="space-between" align="flex-start" gap="xs">
            <div>
              <Anchor component={Link} to="/schedules" fz="xs">Schedules</Anchor>
              <Title order={1} style={{ overflowWrap: "anywhere" }}>{schedule.name}</Title>
            </div>
            <Actions schedule={schedule} />
          </Group>
          <Paper p="md"><Facts schedule={schedule} /></Paper>
          <Paper p="md"><History schedule={schedule} /></Paper>
          <Paper p="md">
            <Heading>What it starts</Heading>
            <Runs job={schedule.job} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Given name="Inputs" value={schedule.job.inputs} />
              <Given name="Settings" value={schedule.job.settings} />
            </SimpleGrid>
          </Paper>
        </Stack>
      )}
    </Shown>
  );
}
