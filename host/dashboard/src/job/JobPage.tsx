// One job: where it stands, what went wrong, its log, results, checkpoint, attempts, usage and inputs.
import { Anchor, Badge, Box, Button, Group, Paper, SimpleGrid, Skeleton, Stack, Tabs, Text, Title, Tooltip } from "@mantine/core";
import { IconPin, IconRepeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link, useParams, useSearchParams } from "react-router";

import type { Job } from "../api/client";
import { jobQuery } from "../api/queries";
import { ActionButtons } from "../jobs/ActionButtons";
import { useOnwards } from "../shell/onwards";
import { Allowed, ForScope } from "../show/Allowed";
import { absolute, number } from "../show/format";
import { Copy, Fact, Id, JobProgress, RanFor, Time, moduleId } from "../show/pieces";
import { Failure, Rows } from "../show/states";
import { Status } from "../show/Status";
import { JobFailure } from "./JobFailure";
import { KeepButton } from "./KeepButton";
import { LogTab } from "./log/LogTab";
import { linesLeft } from "./Removed";
import { ResumeDialog } from "./ResumeDialog";

const ResultsTab = lazy(() => import("./results/ResultsTab"));
const CheckpointTab = lazy(() => import("./CheckpointTab"));
const TimelineTab = lazy(() => import("./TimelineTab"));
const UsageTab = lazy(() => import("./UsageTab"));
const InputsTab = lazy(() => import("./InputsTab"));

function Header({ job }: { job: Job }) {
  const onwards = useOnwards();
  const id = moduleId(job);
  const again = `/modules/${encodeURIComponent(id)}/start?from=${job.id}`;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Group gap="sm" miw={0}>
          <Status status={job.status} size="lg" />
          <Title order={1}>{id}</Title>
          {job.keep && <Tooltip label="Retention leaves it alone; only deleting removes it"><Badge variant="default" tt="none" leftSection={<IconPin size={12} aria-hidden />} tabIndex={0}>Kept</Badge></Tooltip>}
        </Group>
        <Group gap="xs">
          <ActionButtons jobs={[job]} onDone={(action) => action === "delete" && void onwards("/jobs")}>
            <ResumeDialog job={job} />
            <Allowed scope="jobs:write"><Button size="xs" variant="default" component={Link} to={again} leftSection={<IconRepeat size={15} aria-hidden />}>Run again</Button></Allowed>
            <KeepButton job={job} />
          </ActionButtons>
        </Group>
      </Group>
      <Paper p="sm">
        <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" verticalSpacing="xs">
          <Fact term="Job"><Id id={job.id} what="the job's id" /></Fact>
          <Fact term="Created"><Time at={job.created_at} /></Fact>
          <Fact term="Started"><Time at={job.started_at} none={waits(job)} /></Fact>
          <Fact term={job.finished_at === null ? "Running for" : "Ran for"}><RanFor job={job} /></Fact>
          <Fact term="Attempts">{number(job.attempt)}{job.retry.max_attempts > 1 && ` of ${number(job.retry.max_attempts)}`}</Fact>
          <Fact term="Progress"><JobProgress job={job} /></Fact>
          <Fact term="Module's digest">
            <Group gap={2} wrap="nowrap"><Text span inherit ff="monospace">{job.module.digest.slice(7, 19)}</Text><Copy text={job.module.digest} what="the digest" /></Group>
          </Fact>
          <Fact term="Node">{job.node === null ? "–" : <Id id={job.node ?? ""} what="the node's id" />}</Fact>
          {job.schedule !== null && job.schedule !== undefined && <Fact term="Schedule"><Anchor component={Link} to={`/schedules?schedule=${job.schedule.id}`} inherit>{job.schedule.name}</Anchor></Fact>}
          {job.finished_at !== null && <Fact term="Finished"><Time at={job.finished_at ?? null} /></Fact>}
          {Object.keys(job.labels).length > 0 && (
            <Fact term="Labels">{Object.entries(job.labels).map(([name, value]) => <Badge key={name} variant="default" size="sm" mr={4} tt="none">{name}={String(value)}</Badge>)}</Fact>
          )}
        </SimpleGrid>
      </Paper>
    </Stack>
  );
}

function waits(job: Job): string {
  if (job.run_after !== null && job.status === "pending") return "waits for its time";
  return job.status === "pending" ? "waits for a slot" : "never";
}

const TABS = ["log", "results", "checkpoint", "timeline", "usage", "inputs"];

function Parts({ job }: { job: Job }) {
  const [search, setSearch] = useSearchParams();
  const asked = search.get("tab") ?? "log";
  const tab = TABS.includes(asked) ? asked : "log";
  const count = (value: number) => value > 0 && <Badge size="xs" variant="default" className="figures">{number(value)}</Badge>;
  const gone = (at: string | null) => at !== null && <Badge size="xs" variant="default" tt="none" title={absolute(at)}>removed</Badge>;
  const { logs_at, checkpoint_at } = job.removed;
  return (
    <Tabs value={tab} onChange={(value) => setSearch(value === null || value === "log" ? {} : { tab: value }, { replace: true })} keepMounted={false}>
      <Tabs.List style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
        <Tabs.Tab value="log" rightSection={count(linesLeft(job)) || gone(logs_at)}>Log</Tabs.Tab>
        <Tabs.Tab value="results" rightSection={count(job.results)}>Results</Tabs.Tab>
        <Tabs.Tab value="checkpoint" rightSection={gone(checkpoint_at)}>Checkpoint</Tabs.Tab>
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="usage">Usage</Tabs.Tab>
        <Tabs.Tab value="inputs">Inputs</Tabs.Tab>
      </Tabs.List>
      <Box pt="sm">
        <Suspense fallback={<Rows />}>
          <Tabs.Panel value="log"><ForScope scope="logs:read" what="logs"><LogTab job={job} /></ForScope></Tabs.Panel>
          <Tabs.Panel value="results"><ResultsTab job={job} /></Tabs.Panel>
          <Tabs.Panel value="checkpoint"><CheckpointTab job={job} /></Tabs.Panel>
          <Tabs.Panel value="timeline"><TimelineTab job={job} /></Tabs.Panel>
          <Tabs.Panel value="usage"><UsageTab job={job} /></Tabs.Panel>
          <Tabs.Panel value="inputs"><InputsTab job={job} /></Tabs.Panel>
        </Suspense>
      </Box>
    </Tabs>
  );
}

export function Page() {
  const { jobId = "" } = useParams();
  const { data: job, error, refetch } = useQuery(jobQuery(jobId));
  if (job === undefined) {
    if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
    return <Stack aria-busy="true"><Skeleton height={32} width={320} /><Skeleton height={110} /><Rows count={10} height={18} /></Stack>;
  }
  return (
    <Stack gap="sm">
      <Header key={job.id} job={job} />
      <JobFailure job={job} />
      <Parts key={job.id} job={job} />
    </Stack>
  );
}
