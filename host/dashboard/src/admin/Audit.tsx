// Who changed what, and who was not let in; the newest first.
import { Badge, Button, Group, Paper, Text, TextInput, Title } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { number } from "../show/format";
import { Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";

type Entry = Schemas["AuditEntry"];
const PAGE = 200;

/** A page before `before`, or the newest. The host reads forwards, so it is asked where the end is. */
async function pageBefore(before: number | null, signal: AbortSignal): Promise<Entry[]> {
  const ask = (query: { after: number; limit: number }) => answer(api.GET("/v1/audit", { params: { query }, signal }));
  const end = before ?? (await ask({ after: 0, limit: 1 })).last_seq + 1;
  const { entries } = await ask({ after: Math.max(0, end - 1 - PAGE), limit: PAGE });
  return entries.filter((entry) => before === null || entry.seq < before).reverse();
}

function useAudit() {
  return useInfiniteQuery({
    queryKey: ["audit"],
    initialPageParam: null as number | null,
    queryFn: ({ signal, pageParam }) => pageBefore(pageParam, signal),
    getNextPageParam: (page) => {
      const oldest = page.at(-1)?.seq ?? 1;
      return oldest > 1 ? oldest : undefined;
    },
  });
}

const COLUMNS: Column<Entry>[] = [
  { head: "No.", className: "figures", cell: (entry) => <Text span inherit c="dimmed">{number(entry.seq)}</Text> },
  { head: "When", cell: (entry) => <Time at={entry.time} /> },
  { head: "Who", cell: (entry) => <Text span inherit fw={550}>{entry.actor}</Text> },
  { head: "Did", cell: (entry) => entry.action },
  { head: "To", cell: (entry) => <Text ff="monospace" fz="xs" maw={280} truncate title={entry.object ?? undefined}>{entry.object ?? "–"}</Text> },
  { head: "Status", cell: (entry) => <Badge variant="default" size="sm" c={entry.status >= 400 ? "red" : undefined}>{entry.status}</Badge> },
  { head: "From", cell: (entry) => entry.peer },
];

export function Page() {
  const audit = useAudit();
  const [text, setText] = useState("");
  const entries = useMemo(() => audit.data?.pages.flat() ?? [], [audit.data]);
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const said = (entry: Entry): string => `${entry.actor} ${entry.action} ${entry.object} ${entry.status} ${entry.peer} ${entry.request_id}`.toLowerCase();
    return wanted === "" ? entries : entries.filter((entry) => said(entry).includes(wanted));
  }, [entries, text]);
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>Audit</Title>
        <TextInput size="xs" aria-label="Search" placeholder="Actor, action, object, status" value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={14} />} data-search />
      </Group>
      <Paper px={{ base: "md", sm: 0 }}>
        <Shown of={audit} rows={10}>
          {() => entries.length === 0 ? (
            <Empty icon={IconHistory} title="Nothing yet">Every request that changes something leaves an entry, and every one that is not let in.</Empty>
          ) : shown.length === 0 ? (
            <Empty icon={IconSearch} title="No entry fits">None of the {number(entries.length)} entries that are loaded.</Empty>
          ) : (
            <Records rows={shown} columns={COLUMNS} id={(entry) => entry.seq} minWidth={760} spacing={5} />
          )}
        </Shown>
        {audit.hasNextPage && (
          <Group justify="center" p="sm"><Button size="xs" variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Show older</Button></Group>
        )}
      </Paper>
      <Text fz="xs" c="dimmed" mt={6}>Starting, stopping and deleting jobs may take a quarter of a second to show.</Text>
    </>
  );
}
