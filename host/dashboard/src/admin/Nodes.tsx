// The host's processes.
import { Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { statusQuery } from "../api/queries";
import { NodeTable } from "../overview/NodeTable";
import { Shown } from "../show/states";

export function Page() {
  const status = useQuery(statusQuery);
  return (
    <>
      <Title order={1} mb={4}>Nodes</Title>
      <Text fz="sm" c="dimmed" mb="md">
        Each process that shares the database. When one dies, the others take its jobs over from their last checkpoints.
      </Text>
      <Paper p="md"><Shown of={status} rows={2}>{(host) => <NodeTable nodes={host.nodes} />}</Shown></Paper>
    </>
  );
}
