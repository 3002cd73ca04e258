// The newest jobs that run, with how far they are.
import { Anchor, Box, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { newestQuery } from "../api/queries";
import { Heading, Id, JobProgress, RanFor, moduleId } from "../show/pieces";
import { Empty, Shown } from "../show/states";

const SHOWN = 8;

function Row({ job }: { job: Job }) {
  return (
    <Group wrap="nowrap" gap="sm" h={34}>
      <Box miw={0} flex={1}>
        <Anchor component={Link} to={`/jobs/${job.id}`} fz="sm" fw={550} className="ellipsis" display="block">{moduleId(job)}</Anchor>
      </Box>
      <Box visibleFrom="sm" fz="xs"><Id id={job.id} to={`/jobs/${job.id}`} what="the job's id" /></Box>
      <Box w={{ base: 104, sm: 190 }} fz="sm"><JobProgress job={job} /></Box>
      <Text fz="sm" w={{ base: 52, sm: 70 }} ta="right" component="div"><RanFor job={job} /></Text>
    </Group>
  );
}

export function RunningNow({ count }: { count: number | undefined }) {
  const running = useQuery(newestQuery("running", SHOWN));
  const more = count !== undefined && count > SHOWN;
  return (
    <>
      <Heading right={more && <Anchor component={Link} to="/jobs?status=running" fz="sm">All {count}</Anchor>}>Running now</Heading>
      <Shown of={running} rows={SHOWN - 3}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <Empty icon={IconPlayerPlay} title="Nothing runs" command="cofferdam job start MODULE --follow">
              Jobs that run show here with their progress. <Anchor component={Link} to="/modules" inherit>Start one from its module</Anchor>, or on the command line.
            </Empty>
          ) : (
            <Stack gap={4}>{jobs.map((job) => <Row key={job.id} job={job} />)}</Stack>
          )
        }
      </Shown>
    </>
  );
}
