// What a job was given, and the way to another one with changes.
import { Button, Group, Paper, SimpleGrid, Text } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { Allowed } from "../show/Allowed";
import { Json } from "../show/Json";
import { Fact, Heading, Time, moduleId } from "../show/pieces";

export default function InputsTab({ job }: { job: Job }) {
  const to = `/modules/${encodeURIComponent(moduleId(job))}/start?from=${job.id}`;
  return (
    <>
      <Group justify="space-between" mb="sm">
        <SimpleGrid component="dl" cols={{ base: 2, sm: 4 }} spacing="xl">
          <Fact term="Longest run time">{job.max_duration ?? "the host's own"}</Fact>
          <Fact term="Retries">{job.retry.max_attempts > 1 ? `up to ${job.retry.max_attempts} attempts, ${job.retry.backoff} apart at first` : "none"}</Fact>
          <Fact term="Priority">{job.priority}</Fact>
          <Fact term="Not before"><Time at={job.run_after ?? null} none="at once" /></Fact>
        </SimpleGrid>
        <Allowed scope="jobs:write"><Button size="xs" component={Link} to={to} leftSection={<IconRepeat size={15} aria-hidden />}>Run again with changes</Button></Allowed>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Paper p="md"><Heading>Inputs</Heading><Value value={job.inputs} name="inputs" /></Paper>
        <Paper p="md"><Heading>Settings</Heading><Value value={job.settings} name="settings" /></Paper>
      </SimpleGrid>
    </>
  );
}

function Value({ value, name }: { value: Record<string, unknown>; name: string }) {
  if (Object.keys(value).length === 0) return <Text fz="sm" c="dimmed">None: the module's own defaults.</Text>;
  return <Json value={value} name={name} />;
}
