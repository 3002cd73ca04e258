// What a job came to: a table where results are alike, else JSON.
import { Badge, Box, Button, Group, Paper, SegmentedControl, Switch, Table, Text, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconTable } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { answer, api, problemIn, type Job } from "../../api/client";
import { askAnew, resultsQuery } from "../../api/queries";
import { number, plural } from "../../show/format";
import { Json } from "../../show/Json";
import { save } from "../../show/save";
import { Empty, Shown } from "../../show/states";
import { RemovedNote, numbered } from "../Removed";
import { cell, columnsOf, csv, type JobResult } from "./rows";

async function everything(job: string, superseded: boolean): Promise<JobResult[]> {
  const all: JobResult[] = [];
  let after = 0;
  for (;;) {
    const params = { path: { job_id: job }, query: { after, limit: 1000, superseded } };
    const page = await answer(api.GET("/v1/jobs/{job_id}/results", { params }));
    if (page.results.length === 0) return all;
    all.push(...page.results);
    after = page.next_after;
  }
}

async function download(job: string, form: "jsonl" | "csv"): Promise<void> {
  const results = await everything(job, false);
  if (form === "jsonl") return save(results.map(({ data }) => `${JSON.stringify(data)}\n`), "application/jsonl", `${job}.jsonl`);
  const columns = columnsOf(results);
  if (columns === null) throw new Error("These results do not share their keys, so they are no table; take JSON lines.");
  save([csv(columns, results)], "text/csv", `${job}.csv`);
}

function Mark({ result }: { result: JobResult }) {
  if (result.superseded) {
    return <Tooltip label="A later attempt went on from before this result"><Badge size="xs" color="gray" variant="default">superseded</Badge></Tooltip>;
  }
  if (!result.provisional) return null;
  return <Tooltip label="Counts from the next checkpoint on; a resume before that would replace it"><Badge size="xs" variant="default">provisional</Badge></Tooltip>;
}

function AsTable({ columns, results }: { columns: string[]; results: JobResult[] }) {
  return (
    <Table.ScrollContainer minWidth={Math.min(1400, columns.length * 120)} type="native" tabIndex={0}>
      <Table fz={13} verticalSpacing={5} highlightOnHover stickyHeader={false}>
        <Table.Thead>
          <Table.Tr><Table.Th w={60}>No.</Table.Th>{columns.map((name) => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map((result) => (
            <Table.Tr key={result.seq} style={{ opacity: result.superseded ? 0.6 : 1 }}>
              <Table.Td className="figures" c="dimmed">{number(result.seq)} <Mark result={result} /></Table.Td>
              {columns.map((name) => {
                const value = result.data[name];
                const text = cell(value);
                return <Table.Td key={name} maw={320} className="ellipsis figures" title={text.length > 40 ? text : undefined}>{typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 6 }) : text.slice(0, 300)}</Table.Td>;
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function AsJson({ results }: { results: JobResult[] }) {
  return results.map((result) => (
    <Box key={result.seq} py="xs" px="md" style={{ borderTop: "1px solid var(--line)", opacity: result.superseded ? 0.6 : 1 }}>
      <Text fz="xs" c="dimmed">No. {number(result.seq)}, attempt {result.attempt} <Mark result={result} /></Text>
      <Json value={result.data} name={`result ${result.seq}`} />
    </Box>
  ));
}

export default function ResultsTab({ job }: { job: Job }) {
  const [superseded, setSuperseded] = useState(false);
  const [form, setForm] = useState<string | null>(null);
  const results = useInfiniteQuery(resultsQuery(job.id, superseded));
  // New results come while the job runs.
  useEffect(() => void askAnew(["results", job.id]), [job.id, job.results, job.status]);
  const shown = useMemo(() => results.data?.pages.flatMap((page) => page.results) ?? [], [results.data]);
  const columns = useMemo(() => columnsOf(shown), [shown]);
  const get = useMutation({
    mutationFn: (what: "jsonl" | "csv") => download(job.id, what),
    onError: (error) => notifications.show({ color: "red", title: "Nothing was downloaded", message: problemIn(error).detail }),
  });
  const view = form ?? (columns === null ? "json" : "table");
  const more = results.hasNextPage && shown.length < job.results;
  return (
    <Paper>
      <Group p="xs" gap="xs">
        <SegmentedControl size="xs" aria-label="Form" value={view} onChange={setForm} data={[{ value: "table", label: "Table", disabled: columns === null }, { value: "json", label: "JSON" }]} />
        <Switch size="xs" label="Superseded, too" checked={superseded} onChange={(event) => setSuperseded(event.currentTarget.checked)} />
        <Group gap="xs" ml="auto">
          <Text fz="xs" c="dimmed">{plural(job.results, "result")}</Text>
          {(["jsonl", "csv"] as const).map((what) => (
            <Button key={what} size="xs" variant="default" disabled={shown.length === 0} loading={get.isPending && get.variables === what} leftSection={<IconDownload size={14} aria-hidden />} onClick={() => get.mutate(what)}>
              {what === "csv" ? "CSV" : "JSON lines"}
            </Button>
          ))}
        </Group>
      </Group>
      {job.removed.results_to > 0 && <RemovedNote what={numbered("Result", 1, job.removed.results_to)} at={job.removed.results_at} />}
      <Shown of={results} rows={6}>
        {() => shown.length === 0 ? (
          job.removed.results_to > 0 ? null : <Empty icon={IconTable} title={job.finished_at === null ? "No results yet" : "No results"}>What the module saves shows here as it comes.</Empty>
        ) : view === "table" && columns !== null ? <AsTable columns={columns} results={shown} /> : <AsJson results={shown} />}
      </Shown>
      {more && <Group justify="center" p="sm"><Button size="xs" variant="default" loading={results.isFetchingNextPage} onClick={() => void results.fetchNextPage()}>Show more</Button></Group>}
    </Paper>
  );
}
