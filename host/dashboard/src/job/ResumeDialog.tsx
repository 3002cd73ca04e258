// Resumes a job otherwise than it was: from the beginning, on another version, with other inputs.
import { Button, Group, Modal, Radio, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAdjustments } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Job, type Schemas } from "../api/client";
import { modulesQuery, queries } from "../api/queries";
import { useMay } from "../api/rights";
import { byName } from "../modules/versions";
import { NOT_EXACT, isExact, objectIn, objectsIn, textsOf, type Texts } from "../modules/start/draft";
import { JsonText } from "../modules/start/SchemaForm";
import { Allowed } from "../show/Allowed";
import { moduleId } from "../show/pieces";
import { Failure } from "../show/states";

interface Draft {
  from: "checkpoint" | "beginning";
  module: string;
  maxDuration: string;
  /** Nothing: as they were. */
  texts: Texts | null;
}

/** Only what is other than it was: what is not sent stays. */
function requestOf(job: Job, { from, module, maxDuration, texts }: Draft): Schemas["ResumeJob"] | null {
  const given = texts === null ? {} : objectsIn(texts);
  if (given === null) return null;
  return {
    ...(from === "beginning" && { checkpoint: null }),
    ...(module !== moduleId(job) && { module_id: module }),
    ...(maxDuration.trim() !== "" && { max_duration: maxDuration.trim() }),
    ...given,
  };
}

function Form({ job, onDone }: { job: Job; onDone: () => void }) {
  const may = useMay();
  const modules = useQuery({ ...modulesQuery, enabled: may("modules:read") });
  // When it was saved is known, even where retention has removed it.
  const saved = job.checkpoint_saved_at !== null && job.removed.checkpoint_at === null;
  const [draft, setDraft] = useState<Draft>({ from: saved ? "checkpoint" : "beginning", module: moduleId(job), maxDuration: "", texts: null });
  const change = (next: Partial<Draft>): void => setDraft((known) => ({ ...known, ...next }));
  const named = byName(modules.data ?? []).find(({ name }) => name === job.module.name);
  const versions = [...new Set([moduleId(job), ...(named?.versions.map(({ id }) => id) ?? [])])];
  const request = requestOf(job, draft);
  const resume = useMutation({
    mutationFn: (body: Schemas["ResumeJob"]) => answer(api.POST("/v1/jobs/{job_id}/resume", { params: { path: { job_id: job.id } }, body })),
    onSuccess: (resumed) => {
      queries.setQueryData(["job", job.id], resumed);
      notifications.show({ color: "green", message: "The job goes on." });
      onDone();
    },
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (request !== null) resume.mutate(request);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group label="From where" value={draft.from} onChange={(from) => change({ from: from as Draft["from"] })}>
          <Stack gap={6} mt={6}>
            <Radio size="sm" value="checkpoint" label="Its last checkpoint" description={saved ? "What it came to after that is replaced." : job.removed.checkpoint_at === null ? "It has saved none." : "Retention has removed it."} disabled={!saved} />
            <Radio size="sm" value="beginning" label="Start over" description={job.results > 0 || saved ? "Its checkpoints go, and all its results so far are marked as superseded." : "As if it had never run."} />
          </Stack>
        </Radio.Group>
        <Select size="sm" label="Version of the module" data={versions} value={draft.module} onChange={(module) => change({ module: module ?? moduleId(job) })} allowDeselect={false} />
        <TextInput size="sm" label="Longest run time" placeholder={job.max_duration ?? "the host's own"} description="Such as 90s or 2h; as before unless given. The time begins anew." value={draft.maxDuration} onChange={(event) => change({ maxDuration: event.currentTarget.value })} />
        <Switch
          size="sm"
          label="Other inputs and settings"
          checked={draft.texts !== null}
          onChange={(event) => change({ texts: event.currentTarget.checked ? textsOf(job) : null })}
        />
        {draft.texts !== null && (
          <>
            <JsonText label="Inputs as JSON" text={draft.texts.inputs} onChange={(inputs) => change({ texts: { inputs, settings: draft.texts?.settings ?? "{}" } })} />
            <JsonText label="Settings as JSON" text={draft.texts.settings} onChange={(settings) => change({ texts: { inputs: draft.texts?.inputs ?? "{}", settings } })} />
          </>
        )}
        {draft.texts !== null && !(isExact(objectIn(draft.texts.inputs)) && isExact(objectIn(draft.texts.settings))) && <Text fz="sm" c="red.8" role="alert">{NOT_EXACT}</Text>}
        {resume.error !== null && <Failure error={resume.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>Cancel</Button>
          <Button type="submit" loading={resume.isPending} disabled={request === null}>{draft.from === "beginning" ? "Start over" : "Resume"}</Button>
        </Group>
      </Stack>
    </form>
  );
}

export function ResumeDialog({ job }: { job: Job }) {
  const [open, setOpen] = useState(false);
  if (job.status !== "failed" && job.status !== "stopped") return null;
  return (
    <>
      <Allowed scope="jobs:write">
        <Button size="xs" variant="default" leftSection={<IconAdjustments size={15} aria-hidden />} onClick={() => setOpen(true)}>Resume with changes</Button>
      </Allowed>
      <Modal opened={open} onClose={() => setOpen(false)} title="Resume with changes" size="lg">
        {open && <Form job={job} onDone={() => setOpen(false)} />}
      </Modal>
    </>
  );
}
