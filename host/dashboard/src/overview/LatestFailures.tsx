// The jobs that failed last, each with why.
import { Anchor, Box, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { newestQuery } from "../api/queries";
import { Heading, Time, moduleId } from "../show/pieces";
import { Empty, Shown } from "../show/states";

const SHOWN = 5;

export function LatestFailures() {
  const failed = useQuery(newestQuery("failed", SHOWN));
  const any = (failed.data?.jobs.length ?? 0) > 0;
  return (
    <>
      <Heading right={any && <Anchor component={Link} to="/jobs?status=failed" fz="sm">All failed</Anchor>}>Latest failures</Heading>
      <Shown of={failed} rows={SHOWN}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <Empty icon={IconCircleCheck} title="No job has failed">When one does, it shows here with its reason.</Empty>
          ) : (
            <Stack gap="xs">
              {jobs.map((job) => (
                <Box key={job.id}>
                  <Group justify="space-between" wrap="nowrap" gap="xs">
                    <Anchor component={Link} to={`/jobs/${job.id}`} fz="sm" fw={550} className="ellipsis">{moduleId(job)}</Anchor>
                    <Text fz="xs" c="dimmed" component="div"><Time at={job.finished_at} /></Text>
                  </Group>
                  <Text fz="xs" c="dimmed" className="ellipsis" title={job.error?.message}>
                    <Text span inherit ff="monospace">{job.error?.code}</Text> · {job.error?.message.split("\n")[0]}
                  </Text>
                </Box>
              ))}
            </Stack>
          )
        }
      </Shown>
    </>
  );
}
