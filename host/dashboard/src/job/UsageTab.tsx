// What a job used, each beside what it may.
import { Box, Group, Paper, Progress, SimpleGrid, Text } from "@mantine/core";

import type { Job } from "../api/client";
import { bytes, duration, durationMs, number } from "../show/format";

interface Figure {
  name: string;
  used: number;
  /** Nothing where there is no limit. */
  limit: number | null;
  text: (value: number) => string;
}

function figures({ usage, limits, max_duration }: Job): Figure[] {
  const time = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : durationMs(text));
  return [
    { name: "Run time", used: usage.run_time_ms, limit: time(max_duration ?? limits.max_duration), text: duration },
    { name: "Time on a processor", used: usage.cpu_time_ms, limit: time(limits.cpu_time), text: duration },
    { name: "Memory, at its peak", used: usage.peak_memory_bytes, limit: limits.memory, text: bytes },
    { name: "Log", used: usage.log_bytes, limit: limits.log_bytes, text: bytes },
    { name: "Results", used: usage.result_bytes, limit: limits.results_bytes, text: bytes },
    { name: "Checkpoint", used: usage.checkpoint_bytes, limit: limits.checkpoint_bytes, text: bytes },
    { name: "Requests over HTTP", used: usage.http_requests, limit: limits.http_requests, text: number },
    { name: "Bytes over HTTP", used: usage.http_bytes, limit: limits.http_bytes, text: bytes },
  ];
}

export default function UsageTab({ job }: { job: Job }) {
  return (
    <Paper p="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="md">
        {figures(job).map(({ name, used, limit, text }) => {
          const share = limit === null || limit === 0 ? 0 : (used / limit) * 100;
          return (
            <Box key={name}>
              <Group justify="space-between" gap="xs" mb={4}>
                <Text fz="sm">{name}</Text>
                <Text fz="sm" className="figures"><b>{text(used)}</b> <Text span inherit c="dimmed">{limit === null ? "without limit" : `of ${text(limit)}`}</Text></Text>
              </Group>
              <Progress value={share} color={share > 90 ? "red" : share > 70 ? "yellow" : undefined} size="sm" aria-label={name} />
            </Box>
          );
        })}
      </SimpleGrid>
    </Paper>
  );
}
