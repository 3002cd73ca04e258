// What runs, what went wrong, and how the host is.
import { Box, Grid, Group, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { statusQuery } from "../api/queries";
import { plural } from "../show/format";
import { Heading } from "../show/pieces";
import { Failure, Rows, Shown } from "../show/states";
import { JobHistory } from "./JobHistory";
import { LatestFailures } from "./LatestFailures";
import { NodeTable } from "./NodeTable";
import { RunningNow } from "./RunningNow";
import { StatusTiles } from "./StatusTiles";

export function Page() {
  const status = useQuery(statusQuery);
  if (status.error !== null && status.data === undefined) return <Failure error={status.error} retry={() => void status.refetch()} />;
  const host = status.data;
  return (
    <Box>
      <Group justify="space-between" mb="md" gap="xs" mih={28}>
        <Title order={1}>Overview</Title>
        {host !== undefined && (
          <Text fz="sm" c="dimmed">Version {host.version} · up {host.uptime} · {plural(host.modules, "module")}</Text>
        )}
      </Group>
      <StatusTiles host={host} />
      <Paper p="md" mt="md"><JobHistory /></Paper>
      <Grid gap="md" mt="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Paper p="md" mih={260} h="100%">
            <RunningNow count={host?.jobs.running} />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Paper p="md" mih={260} h="100%">
            <LatestFailures />
          </Paper>
        </Grid.Col>
        <Grid.Col span={12}>
          <Paper p="md">
            <Heading>Nodes</Heading>
            <Shown of={status} rows={1}>{(known) => <NodeTable nodes={known.nodes} />}</Shown>
            {host === undefined && <Rows count={1} />}
          </Paper>
        </Grid.Col>
      </Grid>
    </Box>
  );
}
