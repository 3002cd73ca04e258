// Starts a job of a module: by a form from its JSON Schema, or as JSON; with the same request to copy.
import { Anchor, Box, Button, Code, Grid, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";

import { answer, api, type Job, type Module } from "../../api/client";
import { jobQuery, moduleQuery } from "../../api/queries";
import { useToken } from "../../api/session";
import { useOnwards } from "../../shell/onwards";
import { Allowed } from "../../show/Allowed";
import { labelsOf } from "../../show/labels";
import { Copy, Heading } from "../../show/pieces";
import { Failure, Rows } from "../../show/states";
import { cofferdamLine, curlLine, type StartRequest } from "./commands";
import { USUAL_BACKOFF, draftOf, isWhole, type Draft } from "./draft";
import { Given } from "./Given";
import { Options } from "./Options";

interface StartDraft extends Draft {
  /** As the browser's field has it, in the browser's own time; empty is at once. */
  notBefore: string;
}

function requestOf(module: Module, { inputs, settings, maxDuration, attempts, backoff, notBefore, priority, labels }: StartDraft): StartRequest {
  return {
    module_id: module.id,
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(maxDuration.trim() !== "" && { max_duration: maxDuration.trim() }),
    ...(priority !== 0 && { priority }),
    ...(labels.length > 0 && { labels: labelsOf(labels) }),
    ...(notBefore !== "" && { run_after: new Date(notBefore).toISOString() }),
    ...(attempts > 1 && { retry: { max_attempts: attempts, backoff: backoff.trim() || USUAL_BACKOFF } }),
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

function Starter({ module, from }: { module: Module; from: Job | undefined }) {
  const onwards = useOnwards();
  const token = useToken();
  const [draft, setDraft] = useState<StartDraft>(() => ({ ...draftOf(from), notBefore: "" }));
  const change = (next: Partial<StartDraft>): void => setDraft((known) => ({ ...known, ...next }));
  const request = useMemo(() => requestOf(module, draft), [module, draft]);
  const start = useMutation({
    mutationFn: () => answer(api.POST("/v1/jobs", { body: request })),
    onSuccess: (job) => void onwards(`/jobs/${job.id}`),
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Paper p="md" component="form" onSubmit={submit} aria-label="Start job">
          <Given module={module} draft={draft} change={change} />
          <Box mt="lg"><Heading>Run</Heading></Box>
          <Options draft={draft} change={change}>
            <TextInput size="xs" type="datetime-local" label="Not before" description="In your own time; at once unless given" value={draft.notBefore} onChange={(event) => change({ notBefore: event.currentTarget.value })} />
          </Options>
          {start.error !== null && <Box mt="md"><Failure error={start.error} /></Box>}
          <Allowed scope="jobs:write"><Button type="submit" mt="md" leftSection={<IconBolt size={16} aria-hidden />} loading={start.isPending} disabled={!isWhole(draft)}>Start job</Button></Allowed>
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
