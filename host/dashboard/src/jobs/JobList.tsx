// All jobs, the newest first: filtered by the address, live where they stand, endless.
import { Box, Button, Group, Paper, SegmentedControl, Select, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconBox, IconListDetails, IconPlus, IconSearch, IconTag, IconX } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";

import type { JobStatus } from "../api/client";
import { forgetUnseen, showUnseen, useUnseen } from "../api/live";
import { jobsQuery, modulesQuery, statusQuery } from "../api/queries";
import { useMay } from "../api/rights";
import { number, plural } from "../show/format";
import { Empty, Failure, Rows } from "../show/states";
import { LOOKS, STATUSES } from "../show/Status";
import { ActionButtons } from "./ActionButtons";
import { isJobId, useFilters, type Filters } from "./filters";
import { JobTable } from "./JobTable";

/** Longer texts the host does not look for. */
const SEARCH_LENGTH = 200;
/** So many that were found fill the page. */
const ENOUGH = 20;
/** Each is looked for among 20,000 jobs. */
const PAGES_BY_ITSELF = 100;

function FilterBar({ filters, set }: { filters: Filters; set: (change: Partial<Filters>) => void }) {
  const may = useMay();
  const modules = useQuery({ ...modulesQuery, enabled: may("modules:read") });
  const navigate = useNavigate();
  const names = useMemo(() => {
    const known = (modules.data ?? []).flatMap((module) => [module.name, module.id]);
    return [...new Set([...known, ...(filters.module === undefined ? [] : [filters.module])])].sort();
  }, [modules.data, filters.module]);
  // The address follows what is typed: a field that waited for the address would lose letters.
  const [text, setText] = useState(filters.text);
  const follow = useDebouncedCallback((typed: string) => set({ text: typed }), 200);
  const type = (typed: string): void => {
    setText(typed);
    follow(typed);
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!isJobId(text)) return follow.flush();
    // An address that still followed would call the reader back from a page that is on its way.
    follow.cancel();
    void navigate(`/jobs/${text.trim().toLowerCase()}`);
  };
  return (
    <Group gap="xs" mb="sm">
      <Box style={{ maxWidth: "100%", overflowX: "auto" }}>
        <SegmentedControl
          size="xs"
          aria-label="Status"
          value={filters.status ?? "all"}
          onChange={(value) => set({ status: value === "all" ? undefined : (value as JobStatus) })}
          data={[{ value: "all", label: "All" }, ...STATUSES.map((status) => ({ value: status, label: LOOKS[status].word }))]}
        />
      </Box>
      <Select
        size="xs"
        aria-label="Module"
        placeholder="Every module"
        data={names}
        value={filters.module ?? null}
        onChange={(value) => set({ module: value ?? undefined })}
        leftSection={<IconBox size={14} />}
        clearable
        searchable
        flex="1 1 170px"
        maw={220}
      />
      <TagsInput
        size="xs"
        aria-label="Labels"
        placeholder={filters.labels === undefined ? "Labels: team=billing" : ""}
        value={filters.labels?.split(",") ?? []}
        onChange={(labels) => set({ labels: labels.length === 0 ? undefined : labels.join(",") })}
        leftSection={<IconTag size={14} />}
        flex="1 1 170px"
        maw={320}
      />
      <form onSubmit={submit} style={{ flex: "2 1 220px" }}>
        <TextInput
          size="xs"
          aria-label="Search"
          placeholder="Id, module, label or error"
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          onBlur={() => follow.flush()}
          leftSection={<IconSearch size={14} />}
          data-search
        />
      </form>
    </Group>
  );
}

function NoJobs({ filters, clear }: { filters: Filters; clear: () => void }) {
  if (Object.values(filters).some((filter) => filter !== undefined && filter !== "")) {
    const action = <Button size="xs" variant="default" leftSection={<IconX size={14} />} onClick={clear}>Show all jobs</Button>;
    return <Empty icon={IconSearch} title="No job fits" action={action}>None of the jobs is what the filters ask for.</Empty>;
  }
  const action = <Button size="xs" component={Link} to="/modules" leftSection={<IconPlus size={14} />}>Choose a module</Button>;
  return (
    <Empty icon={IconListDetails} title="No jobs yet" command="cofferdam job start MODULE --follow" action={action}>
      A job is one durable request to run a module. Start one from its module, or on the command line.
    </Empty>
  );
}

export function Page() {
  const [filters, set] = useFilters();
  const { status, module, labels, text, schedule } = filters;
  const search = text.trim() === "" ? undefined : text.trim().slice(0, SEARCH_LENGTH);
  const jobs = useInfiniteQuery({ ...jobsQuery({ status, module, labels, search, schedule }), placeholderData: keepPreviousData });
  const { data: host } = useQuery(statusQuery);
  const [selected, setSelected] = useState<Record<string, boolean>>({});
  const [cleared, setCleared] = useState(0);
  const clear = (): void => {
    set({ status: undefined, module: undefined, labels: undefined, text: "", schedule: undefined });
    setCleared(cleared + 1);
  };
  const unseen = useUnseen();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = jobs;
  const shown = useMemo(() => data?.pages.flatMap((page) => page.jobs) ?? [], [data]);
  useEffect(() => {
    setSelected({});
    forgetUnseen();
  }, [status, module, labels, search, schedule]);
  // The host looks through so many jobs for one page; where it found few, it goes on looking.
  const looks = search !== undefined && shown.length < ENOUGH && hasNextPage && (data?.pages.length ?? 0) < PAGES_BY_ITSELF;
  useEffect(() => {
    if (looks && !isFetchingNextPage && !jobs.isPlaceholderData) void fetchNextPage();
  }, [looks, isFetchingNextPage, jobs.isPlaceholderData, fetchNextPage]);
  const chosen = shown.filter((job) => selected[job.id]);
  const total = host && (status === undefined ? Object.values(host.jobs).reduce((sum, count) => sum + count, 0) : host.jobs[status]);
  return (
    <Box>
      <Group justify="space-between" mb="sm" mih={32}>
        <Group gap="sm" align="baseline">
          <Title order={1}>Jobs</Title>
          {total !== undefined && module === undefined && labels === undefined && search === undefined && schedule === undefined && <Text fz="sm" c="dimmed" className="figures">{number(total)}</Text>}
        </Group>
        {chosen.length > 0 ? (
          <Group gap="xs">
            <Text fz="sm">{number(chosen.length)} chosen</Text>
            <ActionButtons jobs={chosen} counted onDone={() => setSelected({})} />
          </Group>
        ) : (
          unseen > 0 && <Button size="xs" variant="light" onClick={showUnseen}>{plural(unseen, "new job")} – show</Button>
        )}
      </Group>
      <FilterBar key={cleared} filters={filters} set={set} />
      {schedule !== undefined && (
        <Button mb="sm" size="compact-xs" variant="light" rightSection={<IconX size={12} aria-hidden />} onClick={() => set({ schedule: undefined })} title="Show those of any schedule, or of none">Started by the schedule {schedule}</Button>
      )}
      <Paper aria-busy={jobs.isPlaceholderData || undefined}>
        {jobs.error !== null && data === undefined ? (
          <Box p="md"><Failure error={jobs.error} retry={() => void jobs.refetch()} /></Box>
        ) : data === undefined ? (
          <Box p="md"><Rows count={12} height={28} /></Box>
        ) : shown.length === 0 && looks ? (
          <Box p="md"><Rows count={12} height={28} /></Box>
        ) : shown.length === 0 ? (
          <NoJobs filters={filters} clear={clear} />
        ) : (
          <JobTable jobs={shown} selected={selected} onSelect={setSelected} more={hasNextPage ? fetchNextPage : null} loading={isFetchingNextPage} />
        )}
      </Paper>
      {text.trim() !== "" && !isJobId(text) && (
        <Text fz="xs" c="dimmed" mt={6} role="status">{jobs.isPlaceholderData ? "Looking…" : `${plural(shown.length, "job")} found${hasNextPage ? " so far" : ""}.`} A whole job id and Enter opens any job.</Text>
      )}
    </Box>
  );
}
