// Jobs that are started again and again: when next, what came of it last.
import { Anchor, Badge, Button, Code, Group, Paper, Text, Title } from "@mantine/core";
import { IconCalendarRepeat, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { schedulesQuery } from "../api/queries";
import { Allowed } from "../show/Allowed";
import { Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import { FormDialog, PauseButton, RunNow, placeOf } from "./Actions";
import type { Schedule } from "./draft";
import { OutcomeStanding, type Run } from "./Outcome";

/** What the last occurrence came to. */
function LastRun({ run }: { run: Run | null }) {
  if (run === null) return <Text span inherit c="dimmed">never</Text>;
  return (
    <Group gap={6} wrap="nowrap">
      <OutcomeStanding run={run} />
      {run.job_id === null ? <Time at={run.scheduled_for} /> : <Anchor component={Link} to={`/jobs/${run.job_id}`} inherit><Time at={run.scheduled_for} /></Anchor>}
    </Group>
  );
}

const COLUMNS: Column<Schedule>[] = [
  { head: "Name", plain: "title", cell: (schedule) => <Anchor component={Link} to={placeOf(schedule.id)} inherit fw={550}>{schedule.name}</Anchor> },
  { head: "When", cell: (schedule) => <><Code>{schedule.cron}</Code> <Text span fz="xs" c="dimmed">{schedule.time_zone}</Text></> },
  { head: "Starts", cell: (schedule) => schedule.job.module_id },
  { head: "Next", cell: (schedule) => schedule.paused ? <Badge size="sm" variant="default" tt="none">paused</Badge> : <Time at={schedule.next_run_at ?? null} none="never" /> },
  { head: "Last", cell: (schedule) => <LastRun run={schedule.last_run ?? null} /> },
  {
    head: "Actions",
    plain: "actions",
    cell: (schedule) => <Group gap="xs" justify="flex-end" wrap="nowrap"><RunNow schedule={schedule} /><PauseButton schedule={schedule} /></Group>,
  },
];

export function ScheduleList() {
  const schedules = useQuery(schedulesQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Title order={1}>Schedules</Title>
        <Allowed scope="jobs:write"><Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setMaking(true)}>Make a schedule</Button></Allowed>
      </Group>
      <Text fz="sm" c="dimmed" mb="md" maw={720}>A schedule starts the same job again and again, once at each of its times, however many nodes there are.</Text>
      <Paper p="md">
        <Shown<Schedule[]> of={schedules} rows={4}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconCalendarRepeat} title="No schedules" command="cofferdam schedule add nightly MODULE --cron '30 2 * * *'">Make one here, or on the command line.</Empty>
          ) : <Records rows={all} columns={COLUMNS} id={(schedule) => schedule.id} minWidth={760} />}
        </Shown>
      </Paper>
      <FormDialog from={null} opened={making} onClose={() => setMaking(false)} />
    </>
  );
}
