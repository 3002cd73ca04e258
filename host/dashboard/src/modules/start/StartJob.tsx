// Starts a job of a module: by a form from its JSON Schema, or as JSON; with the same request to copy.
import { Anchor, Box, Button, Code, Grid, Group, NumberInput, Paper, SegmentedControl, Stack, TagsInput, Text, TextInput, Title } from "@mantine/core";
import type { RJSFSchema } from "@rjsf/utils";
import { IconBolt } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";

import { answer, api, type Job, type Module } from "../../api/client";
import { jobQuery, moduleQuery } from "../../api/queries";
import { useToken } from "../../api/session";
import { Allowed } from "../../show/Allowed";
import { Copy, Heading } from "../../show/pieces";
import { Failure, Rows } from "../../show/states";
import { cofferdamLine, curlLine, type StartRequest } from "./commands";
import { JsonText, SchemaForm, type Value } from "./SchemaForm";

interface Draft {
  inputs: Value;
  settings: Value;
  maxDuration: string;
  attempts: number;
  backoff: string;
  /** As the browser's field has it, in the browser's own time; empty is at once. */
  notBefore: string;
  priority: number;
  /** Each `NAME=VALUE`. */
  labels: string[];
}

function draftOf(job: Job | undefined): Draft {
  return {
    inputs: job?.inputs ?? {},
    settings: job?.settings ?? {},
    maxDuration: job?.max_duration ?? "",
    attempts: job?.retry.max_attempts ?? 1,
    backoff: job?.retry.backoff ?? "10s",
    notBefore: "",
    priority: job?.priority ?? 0,
    labels: Object.entries(job?.labels ?? {}).map(([name, value]) => `${name}=${value}`),
  };
}

function nameAndValue(label: string): [string, string] {
  const [name = "", ...value] = label.split("=");
  return [name.trim(), value.join("=").trim()];
}

function requestOf(module: Module, { inputs, settings, maxDuration, attempts, backoff, notBefore, priority, labels }: Draft): StartRequest {
  return {
    module_id: module.id,
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(maxDuration.trim() !== "" && { max_duration: maxDuration.trim() }),
    ...(priority !== 0 && { priority }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels.map(nameAndValue)) }),
    ...(notBefore !== "" && { run_after: new Date(notBefore).toISOString() }),
    ...(attempts > 1 && { retry: { max_attempts: attempts, backoff: backoff.trim() || "10s" } }),
  };
}

function Line({ text, what }: { text: string; what: string }) {
  return (
    <Box>
      <Group justify="space-between"><Text fz="xs" c="dimmed">{what}</Text><Copy text={text} what={what} /></Group>
      <Code block fz="xs" mah={160} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} tabIndex={0}>{text}</Code>
    </Box>
  );
}

function Options({ draft, change }: { draft: Draft; change: (change: Partial<Draft>) => void }) {
  return (
    <Stack gap="xs">
      <Group grow align="flex-end">
        <TextInput size="xs" label="Longest run time" description="Such as 90s or 2h; the host's own unless given" value={draft.maxDuration} onChange={(event) => change({ maxDuration: event.currentTarget.value })} />
        <TextInput size="xs" type="datetime-local" label="Not before" description="In your own time; at once unless given" value={draft.notBefore} onChange={(event) => change({ notBefore: event.currentTarget.value })} />
      </Group>
      <Group grow align="flex-end">
        <NumberInput size="xs" label="Attempts at most" description="When it fails for a reason that may pass" value={draft.attempts} onChange={(value) => change({ attempts: Number(value) || 1 })} min={1} max={100} />
        <TextInput size="xs" label="Pause before the second" description="It doubles with each further one" value={draft.backoff} disabled={draft.attempts <= 1} onChange={(event) => change({ backoff: event.currentTarget.value })} />
      </Group>
      <Group grow align="flex-end">
        <NumberInput size="xs" label="Priority" description="The highest of the jobs that are ready starts first" value={draft.priority} onChange={(value) => change({ priority: Number(value) || 0 })} min={-1000} max={1000} />
        <TagsInput size="xs" label="Labels" description="To find it again; Enter after each" placeholder={draft.labels.length === 0 ? "team=billing" : ""} value={draft.labels} onChange={(labels) => change({ labels })} />
      </Group>
    </Stack>
  );
}

/** What is typed as JSON, or why it is none. */
function parsed(text: string): Value | null {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Value) : null;
  } catch {
    return null;
  }
}

function Starter({ module, from }: { module: Module; from: Job | undefined }) {
  const navigate = useNavigate();
  const token = useToken();
  const [draft, setDraft] = useState(() => draftOf(from));
  const [texts, setTexts] = useState<{ inputs: string; settings: string } | null>(null);
  const change = (next: Partial<Draft>): void => setDraft((known) => ({ ...known, ...next }));
  const request = useMemo(() => requestOf(module, draft), [module, draft]);
  const wrong = texts !== null && (parsed(texts.inputs) === null || parsed(texts.settings) === null);
  const start = useMutation({
    mutationFn: () => answer(api.POST("/v1/jobs", { body: request })),
    onSuccess: (job) => void navigate(`/jobs/${job.id}`),
  });
  const choose = (form: string): void => {
    if (form === "form") return wrong ? undefined : setTexts(null);
    setTexts({ inputs: JSON.stringify(draft.inputs, null, 2), settings: JSON.stringify(draft.settings, null, 2) });
  };
  const type = (field: "inputs" | "settings") => (text: string): void => {
    setTexts((known) => known && { ...known, [field]: text });
    const value = parsed(text);
    if (value !== null) change({ [field]: value });
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Paper p="md" component="form" onSubmit={submit} aria-label="Start job">
          <Heading right={<SegmentedControl size="xs" aria-label="Form" value={texts === null ? "form" : "json"} onChange={choose} data={[{ value: "form", label: "Form" }, { value: "json", label: "JSON" }]} />}>Inputs</Heading>
          {texts === null ? (
            <>
              <SchemaForm id="inputs" schema={module.inputs_schema as RJSFSchema} value={draft.inputs} onChange={(inputs) => change({ inputs })} />
              <Box mt="lg"><Heading>Settings</Heading></Box>
              <SchemaForm id="settings" schema={module.settings_schema as RJSFSchema} value={draft.settings} onChange={(settings) => change({ settings })} />
            </>
          ) : (
            <Stack>
              <JsonText label="Inputs as JSON" text={texts.inputs} onChange={type("inputs")} />
              <JsonText label="Settings as JSON" text={texts.settings} onChange={type("settings")} />
            </Stack>
          )}
          <Box mt="lg"><Heading>Run</Heading></Box>
          <Options draft={draft} change={change} />
          {start.error !== null && <Box mt="md"><Failure error={start.error} /></Box>}
          <Allowed scope="jobs:write"><Button type="submit" mt="md" leftSection={<IconBolt size={16} aria-hidden />} loading={start.isPending} disabled={wrong}>Start job</Button></Allowed>
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Paper p="md">
          <Heading>The same in a terminal</Heading>
          <Stack gap="sm">
            <Line what="cofferdam" text={cofferdamLine(request, location.origin)} />
            <Line what="curl" text={curlLine(request, location.origin, token !== null)} />
          </Stack>
        </Paper>
      </Grid.Col>
    </Grid>
  );
}

export function Page() {
  const { moduleId = "" } = useParams();
  const [search] = useSearchParams();
  const from = search.get("from");
  const module = useQuery(moduleQuery(moduleId));
  const job = useQuery({ ...jobQuery(from ?? ""), enabled: from !== null });
  const error = module.error ?? job.error;
  if (error !== null && (module.data === undefined || (from !== null && job.data === undefined))) return <Failure error={error} retry={() => void module.refetch()} />;
  if (module.data === undefined || (from !== null && job.data === undefined)) return <Rows count={8} />;
  return (
    <>
      <Title order={1} mb={4}>Start a job of <Anchor component={Link} to={`/modules/${encodeURIComponent(module.data.id)}`} inherit>{module.data.id}</Anchor></Title>
      <Text fz="sm" c="dimmed" mb="md">{module.data.description}{from !== null && " · filled in with what the other job was given"}</Text>
      <Starter key={`${module.data.digest}-${from}`} module={module.data} from={job.data} />
    </>
  );
}
