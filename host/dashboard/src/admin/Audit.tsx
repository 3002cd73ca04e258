// Who changed what, and who was not let in; the newest first.
import { Badge, Button, Group, Paper, Table, Text, TextInput, Title } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { number } from "../show/format";
import { Time } from "../show/pieces";
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

function Row({ entry }: { entry: Entry }) {
  const refused = entry.status >= 400;
  return (
    <Table.Tr>
      <Table.Td className="figures" c="dimmed">{number(entry.seq)}</Table.Td>
      <Table.Td><Time at={entry.time} /></Table.Td>
      <Table.Td fw={550}>{entry.actor}</Table.Td>
      <Table.Td>{entry.action}</Table.Td>
      <Table.Td maw={280} className="ellipsis" ff="monospace" fz="xs" title={entry.object ?? undefined}>{entry.object ?? "–"}</Table.Td>
      <Table.Td><Badge variant="default" size="sm" c={refused ? "red" : undefined}>{entry.status}</Badge></Table.Td>
      <Table.Td>{entry.peer}</Table.Td>
    </Table.Tr>
  );
}

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
      <Paper>
        <Shown of={audit} rows={10}>
          {() => entries.length === 0 ? (
            <Empty icon={IconHistory} title="Nothing yet">Every request that changes something leaves an entry, and every one that is not let in.</Empty>
          ) : shown.length === 0 ? (
            <Empty icon={IconSearch} title="No entry fits">None of the {number(entries.length)} entries that are loaded.</Empty>
          ) : (
            <Table.ScrollContainer minWidth={760} type="native" tabIndex={0}>
              <Table fz="sm" verticalSpacing={5}>
                <Table.Thead><Table.Tr><Table.Th>No.</Table.Th><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>Did</Table.Th><Table.Th>To</Table.Th><Table.Th>Status</Table.Th><Table.Th>From</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>{shown.map((entry) => <Row key={entry.seq} entry={entry} />)}</Table.Tbody>
              </Table>
            </Table.ScrollContainer>
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
