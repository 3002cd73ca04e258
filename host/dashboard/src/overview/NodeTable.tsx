// The nodes that share the database, with what they have left.
import { Badge, Box, Progress, Text, Tooltip } from "@mantine/core";

import type { Schemas } from "../api/client";
import { bytes, duration, number } from "../show/format";
import { useNow } from "../show/now";
import { Id, Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";

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

type Node = Schemas["Node"];

function Heartbeat({ node }: { node: Node }) {
  const silent = useNow() - Date.parse(node.heartbeat_at);
  if (silent <= SILENT_MS) return <Time at={node.heartbeat_at} />;
  return (
    <Tooltip label="A node that stays silent is taken for dead, and others go on with its jobs">
      <Badge color="red" variant="light">silent for {duration(silent)}</Badge>
    </Tooltip>
  );
}

function Up({ node }: { node: Node }) {
  return <span className="figures nowrap">{duration(useNow() - Date.parse(node.started_at))}</span>;
}

const COLUMNS: Column<Node>[] = [
  { head: "Node", plain: "title", cell: (node) => <Id id={node.id} what="the node's id" /> },
  { head: "Slots in use", cell: (node) => <Share part={node.running} whole={node.slots} text={`${number(node.running)} of ${number(node.slots)}`} /> },
  {
    head: "Memory of guests",
    cell: (node) => <Share part={node.guest_memory_bytes} whole={node.guest_memory_budget_bytes} text={`${bytes(node.guest_memory_bytes)} of ${bytes(node.guest_memory_budget_bytes)}`} />,
  },
  { head: "Last heartbeat", cell: (node) => <Heartbeat node={node} /> },
  { head: "Up", cell: (node) => <Up node={node} /> },
  { head: "Version", cell: (node) => node.version },
];

export function NodeTable({ nodes }: { nodes: Node[] }) {
  return <Records rows={nodes} columns={COLUMNS} id={(node) => node.id} minWidth={680} spacing={6} />;
}
