// Makes a webhook and shows its signing secret once; or defines one anew.
import { Alert, Button, Checkbox, Code, Group, MultiSelect, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { modulesQuery, queries } from "../api/queries";
import { labelTexts, labelsOf } from "../show/labels";
import { Copy } from "../show/pieces";
import { Failure } from "../show/states";

type Webhook = Schemas["Webhook"];

const ENDS = ["completed", "failed", "stopped"];

/** What nobody can find out again. */
export function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <Alert color="green" variant="light" icon={<IconWebhook />} title="Copy the signing secret now">It is shown this once. The receiver checks with it that a delivery comes from this host.</Alert>
      <Group gap={4} wrap="nowrap"><Code style={{ overflowWrap: "anywhere" }} data-secret>{secret}</Code><Copy text={secret} what="the signing secret" /></Group>
      <Group justify="flex-end"><Button onClick={onDone}>I have it</Button></Group>
    </Stack>
  );
}

export function WebhookForm({ known, onDone }: { known: Webhook | null; onDone: () => void }) {
  const [url, setUrl] = useState(known?.url ?? "");
  const [description, setDescription] = useState(known?.description ?? "");
  const [ends, setEnds] = useState<string[]>(known?.ends ?? ENDS);
  const [modules, setModules] = useState<string[]>(known?.modules ?? []);
  const [labels, setLabels] = useState(labelTexts(known?.labels ?? {}));
  const [enabled, setEnabled] = useState(known?.enabled ?? true);
  const there = useQuery(modulesQuery);
  const names = [...new Set([...(there.data ?? []).map((module) => module.name), ...modules])].sort();
  const put = useMutation({
    mutationFn: async () => {
      const webhook = { url, description, ends, labels: labelsOf(labels), enabled, ...(modules.length > 0 && { modules }) };
      if (known === null) return (await answer(api.POST("/v1/webhooks", { body: { webhook } }))).secret;
      await answer(api.PUT("/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: known.id } }, body: webhook }));
      return null;
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["webhooks"] });
      await queries.invalidateQueries({ queryKey: ["webhook"] });
    },
  });
  if (typeof put.data === "string") return <Secret secret={put.data} onDone={onDone} />;
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    // Only as long as this form is there: another dialog may be open by then.
    put.mutate(undefined, { onSuccess: (secret) => secret === null && onDone() });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput label="Address" description="Each end is posted there as signed JSON" placeholder="https://hooks.example.com/cofferdam" value={url} onChange={(event) => setUrl(event.currentTarget.value)} required data-autofocus />
        <TextInput label="Description" value={description} onChange={(event) => setDescription(event.currentTarget.value)} maxLength={500} />
        <Checkbox.Group label="Ends" value={ends} onChange={setEnds}>
          <Group gap="md" mt={6}>{ENDS.map((end) => <Checkbox key={end} size="xs" value={end} label={end} />)}</Group>
        </Checkbox.Group>
        <MultiSelect label="Modules" placeholder={modules.length === 0 ? "all modules" : undefined} data={names} value={modules} onChange={setModules} searchable clearable />
        <TagsInput label="Labels" description="NAME=VALUE; a job must have all of them" placeholder={labels.length === 0 ? "team=billing" : undefined} value={labels} onChange={setLabels} maxTags={8} />
        {known !== null && <Switch label="Told of jobs that end" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />}
        {put.error !== null && <Failure error={put.error} />}
        <Group justify="flex-end"><Button type="submit" loading={put.isPending}>{known === null ? "Make it" : "Save"}</Button></Group>
      </Stack>
    </form>
  );
}
