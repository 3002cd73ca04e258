// Jobs that are started again and again: when next, what came of it last; pause, run now, remove, make.
import { Anchor, Badge, Button, Code, Group, Modal, Paper, Table, Text, Title, Tooltip, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCalendarRepeat, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { RemoveButton } from "../admin/RemoveButton";
import { answer, api, problemIn, type Schemas } from "../api/client";
import { queries, schedulesQuery } from "../api/queries";
import { Time } from "../show/pieces";
import { Empty, Shown } from "../show/states";
import { ScheduleForm } from "./ScheduleForm";

type Schedule = Schemas["Schedule"];
type Run = Schemas["ScheduleRun"];

const anew = (): Promise<void> => queries.invalidateQueries({ queryKey: ["schedules"] });
const params = (schedule: Schedule) => ({ params: { path: { schedule_id: schedule.id } } });

const remove = async (schedule: Schedule): Promise<void> => {
  await answer(api.DELETE("/v1/schedules/{schedule_id}", params(schedule)));
  await anew();
};

/** What the last occurrence came to. */
function LastRun({ run }: { run: Run | null }) {
  if (run === null) return <Text span inherit c="dimmed">never</Text>;
  const look = run.outcome === "refused" ? { variant: "filled", color: "red.9" } : { variant: "default" };
  const outcome = <Badge size="sm" tt="none" {...look}>{run.outcome}</Badge>;
  return (
    <Group gap={6} wrap="nowrap">
      {run.problem === null ? outcome : <Tooltip label={run.problem} multiline maw={420}>{outcome}</Tooltip>}
      {run.job_id === null ? <Time at={run.scheduled_for} /> : <Anchor component={Link} to={`/jobs/${run.job_id}`} inherit><Time at={run.scheduled_for} /></Anchor>}
    </Group>
  );
}

function Actions({ schedule }: { schedule: Schedule }) {
  const navigate = useNavigate();
  const tell = (error: unknown): void => {
    notifications.show({ color: "red", title: problemIn(error).title, message: problemIn(error).detail });
  };
  const pause = useMutation({
    mutationFn: () => answer(schedule.paused ? api.POST("/v1/schedules/{schedule_id}/resume", params(schedule)) : api.POST("/v1/schedules/{schedule_id}/pause", params(schedule))),
    onSuccess: anew,
    onError: tell,
  });
  const run = useMutation({
    mutationFn: () => answer(api.POST("/v1/schedules/{schedule_id}/run", params(schedule))),
    onSuccess: (job) => void navigate(`/jobs/${job.id}`),
    onError: tell,
  });
  const verb = schedule.paused ? "Resume" : "Pause";
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button size="compact-xs" variant="default" loading={run.isPending} onClick={() => run.mutate()} aria-label={`Run ${schedule.name} now`}>Run now</Button>
      <Button size="compact-xs" variant="default" loading={pause.isPending} onClick={() => pause.mutate()} aria-label={`${verb} ${schedule.name}`}>{verb}</Button>
      <RemoveButton what={`the schedule ${schedule.name}`} remove={() => remove(schedule)}>It starts nothing any more. The jobs that it has started stay, and run on.</RemoveButton>
    </Group>
  );
}

function ScheduleTable({ schedules }: { schedules: Schedule[] }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native" tabIndex={0}>
      <Table fz="sm">
        <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>When</Table.Th><Table.Th>Starts</Table.Th><Table.Th>Next</Table.Th><Table.Th>Last</Table.Th><Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {schedules.map((schedule) => (
            <Table.Tr key={schedule.id}>
              <Table.Td fw={550}>{schedule.name}</Table.Td>
              <Table.Td><Code>{schedule.cron}</Code> <Text span fz="xs" c="dimmed">{schedule.time_zone}</Text></Table.Td>
              <Table.Td>{schedule.job.module_id}</Table.Td>
              <Table.Td>{schedule.paused ? <Badge size="sm" variant="default" tt="none">paused</Badge> : <Time at={schedule.next_run_at ?? null} none="never" />}</Table.Td>
              <Table.Td><LastRun run={schedule.last_run ?? null} /></Table.Td>
              <Table.Td><Actions schedule={schedule} /></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function Page() {
  const schedules = useQuery(schedulesQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Title order={1}>Schedules</Title>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setMaking(true)}>Make a schedule</Button>
      </Group>
      <Text fz="sm" c="dimmed" mb="md" maw={720}>A schedule starts the same job again and again, once at each of its times, however many nodes there are.</Text>
      <Paper p="md">
        <Shown<Schedule[]> of={schedules} rows={4}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconCalendarRepeat} title="No schedules" command="cofferdam schedule add nightly MODULE --cron '30 2 * * *'">Make one here, or on the command line.</Empty>
          ) : <ScheduleTable schedules={all} />}
        </Shown>
      </Paper>
      <Modal opened={making} onClose={() => setMaking(false)} title="Make a schedule" size="lg" closeOnClickOutside={false}>
        {making && <ScheduleForm onDone={() => setMaking(false)} />}
      </Modal>
    </>
  );
}
