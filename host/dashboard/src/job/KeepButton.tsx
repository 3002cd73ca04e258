// Says that a job is to stay however old it is, or takes that back.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPin, IconPinnedOff } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import { answer, api, problemIn, type Job } from "../api/client";
import { put } from "../api/live";
import { Allowed } from "../show/Allowed";

export function KeepButton({ job }: { job: Job }) {
  const keep = useMutation({
    mutationFn: (wanted: boolean) => answer(api.PUT("/v1/jobs/{job_id}/keep", { params: { path: { job_id: job.id } }, body: { keep: wanted } })),
    onSuccess: (changed) => {
      put(changed);
      notifications.show({ color: "green", message: changed.keep ? "Retention leaves this job alone; only deleting removes it." : "Retention treats this job as any other." });
    },
    onError: (error) => notifications.show({ color: "red", title: problemIn(error).title, message: problemIn(error).detail }),
  });
  const Glyph = job.keep ? IconPinnedOff : IconPin;
  return (
    <Allowed scope="jobs:write">
      <Button size="xs" variant="default" leftSection={<Glyph size={15} aria-hidden />} loading={keep.isPending} onClick={() => keep.mutate(!job.keep)}>{job.keep ? "Keep no longer" : "Keep"}</Button>
    </Allowed>
  );
}
