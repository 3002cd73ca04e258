// What can be done with a schedule: start its job now, let it rest, change it, make another like it, remove it.
import { Button, Group, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { RemoveButton } from "../admin/RemoveButton";
import { answer, api, problemIn } from "../api/client";
import { queries } from "../api/queries";
import { useOnwards } from "../shell/onwards";
import { Allowed } from "../show/Allowed";
import type { Schedule } from "./draft";
import { ScheduleForm, type From } from "./ScheduleForm";

const anew = (): Promise<void> => queries.invalidateQueries({ queryKey: ["schedules"] });
const params = (schedule: Schedule) => ({ params: { path: { schedule_id: schedule.id } } });

export const placeOf = (schedule: string): string => `/schedules?schedule=${encodeURIComponent(schedule)}`;

/** The form, in front of the page, while there is something to make or to change. */
export function FormDialog({ from, opened, onClose }: { from: From | null; opened: boolean; onClose: () => void }) {
  const onwards = useOnwards();
  const title = from?.as === "change" ? `Change ${from.schedule.name}` : "Make a schedule";
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" closeOnClickOutside={false}>
      {opened && <ScheduleForm from={from} onDone={(made) => {
        onClose();
        // By its id: its name may be another one now.
        if (from !== null) void onwards(placeOf(made.id), { replace: from.as === "change" });
      }} />}
    </Modal>
  );
}

export function RunNow({ schedule }: { schedule: Schedule }) {
  const onwards = useOnwards();
  const run = useMutation({
    mutationFn: () => answer(api.POST("/v1/schedules/{schedule_id}/run", params(schedule))),
    onSuccess: (job) => void onwards(`/jobs/${job.id}`),
    onError: (error) => notifications.show({ color: "red", title: problemIn(error).title, message: problemIn(error).detail }),
  });
  return <Allowed scope="jobs:write"><Button size="compact-xs" variant="default" leftSection={<IconPlayerPlay size={12} aria-hidden />} loading={run.isPending} onClick={() => run.mutate()} aria-label={`Run ${schedule.name} now`}>Run now</Button></Allowed>;
}

export function PauseButton({ schedule }: { schedule: Schedule }) {
  const pause = useMutation({
    mutationFn: () => answer(schedule.paused ? api.POST("/v1/schedules/{schedule_id}/resume", params(schedule)) : api.POST("/v1/schedules/{schedule_id}/pause", params(schedule))),
    onSuccess: anew,
    onError: (error) => notifications.show({ color: "red", title: problemIn(error).title, message: problemIn(error).detail }),
  });
  const verb = schedule.paused ? "Resume" : "Pause";
  return <Allowed scope="jobs:write"><Button size="compact-xs" variant="default" loading={pause.isPending} onClick={() => pause.mutate()} aria-label={`${verb} ${schedule.name}`}>{verb}</Button></Allowed>;
}

export function Actions({ schedule }: { schedule: Schedule }) {
  const onwards = useOnwards();
  const [form, setForm] = useState<From | null>(null);
  const remove = async (): Promise<void> => {
    await answer(api.DELETE("/v1/schedules/{schedule_id}", params(schedule)));
    await onwards("/schedules");
    queries.removeQueries({ queryKey: ["schedules", schedule.id] });
    await anew();
  };
  const opens = (as: From["as"], word: string): ReactNode => (
    <Allowed scope="jobs:write"><Button size="compact-xs" variant="default" onClick={() => setForm({ schedule, as })}>{word}</Button></Allowed>
  );
  return (
    <Group gap="xs">
      <RunNow schedule={schedule} />
      <PauseButton schedule={schedule} />
      {opens("change", "Change")}
      {opens("copy", "Duplicate")}
      <RemoveButton scope="jobs:write" what={`the schedule ${schedule.name}`} remove={remove}>It starts nothing any more. The jobs that it has started stay, and run on.</RemoveButton>
      <FormDialog from={form} opened={form !== null} onClose={() => setForm((shown) => (shown === form ? null : shown))} />
    </Group>
  );
}
