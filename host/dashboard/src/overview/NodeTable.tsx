// The nodes that share the database, with what they have left.
import { Badge, Box, Progress, Table, Text, Tooltip } from "@mantine/core";

import type { Schemas } from "../api/client";
import { bytes, duration, number } from "../show/format";
import { useNow } from "../show/now";
import { Id, Time } from "../show/pieces";

/** A node says that it is alive every 5 s. */
const SILENT_MS = 20_000;

function Share({ part, whole, text }: { part: number; whole: number; text: string }) {
  return (
    <Box miw={130}>
      <Text fz="xs" className="figures nowrap">{text}</Text>
      <Progress value={whole === 0 ? 0 : (part / whole) * 100} size="xs" mt={3} aria-label={text} />
    </Box>
  );
}

export function NodeTable({ nodes }: { nodes: Schemas["Node"][] }) {
  const now = useNow();
  return (
    <Table.ScrollContainer minWidth={680} type="native" tabIndex={0}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Node</Table.Th><Table.Th>Slots in use</Table.Th><Table.Th>Memory of guests</Table.Th>
            <Table.Th>Last heartbeat</Table.Th><Table.Th>Up</Table.Th><Table.Th>Version</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {nodes.map((node) => {
            const silent = now - Date.parse(node.heartbeat_at);
            return (
              <Table.Tr key={node.id}>
                <Table.Td><Id id={node.id} what="the node's id" /></Table.Td>
                <Table.Td><Share part={node.running} whole={node.slots} text={`${number(node.running)} of ${number(node.slots)}`} /></Table.Td>
                <Table.Td>
                  <Share part={node.guest_memory_bytes} whole={node.guest_memory_budget_bytes} text={`${bytes(node.guest_memory_bytes)} of ${bytes(node.guest_memory_budget_bytes)}`} />
                </Table.Td>
                <Table.Td>
                  {silent > SILENT_MS ? (
                    <Tooltip label="A node that stays silent is taken for dead, and others go on with its jobs">
                      <Badge color="red" variant="light">silent for {duration(silent)}</Badge>
                    </Tooltip>
                  ) : <Time at={node.heartbeat_at} />}
                </Table.Td>
                <Table.Td className="figures nowrap">{duration(now - Date.parse(node.started_at))}</Table.Td>
                <Table.Td>{node.version}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
