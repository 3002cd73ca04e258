// How the last jobs of a module went.
import { Group, Text, Tooltip } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { answer, api, type Job } from "../api/client";
import { useMay } from "../api/rights";
import { duration } from "../show/format";
import classes from "./RecentRuns.module.css";

const SHOWN = 20;

const recentQuery = (module: string) =>
  queryOptions({
    queryKey: ["recent", module],
    queryFn: async ({ signal }) => {
      const query = { module_id: module, limit: SHOWN };
      return (await answer(api.GET("/v1/jobs", { params: { query }, signal }))).jobs;
    },
    staleTime: 10_000,
    refetchInterval: 20_000,
  });

/** In the middle of those that completed. */
export function medianRunMs(jobs: Job[]): number | null {
  const times = jobs.filter((job) => job.status === "completed").map((job) => job.usage.run_time_ms).sort((one, other) => one - other);
  return times[Math.floor((times.length - 1) / 2)] ?? null;
}

export function RecentRuns({ module }: { module: string }) {
  const may = useMay();
  const { data: jobs } = useQuery({ ...recentQuery(module), enabled: may("jobs:read") });
  if (jobs === undefined) return null;
  if (jobs.length === 0) return <Text fz="xs" c="dimmed">Never run yet</Text>;
  const ended = jobs.filter((job) => job.status === "completed" || job.status === "failed");
  const completed = ended.filter((job) => job.status === "completed").length;
  const median = medianRunMs(jobs);
  return (
    <Group gap="2px 8px">
      <Tooltip label={`The newest ${jobs.length} jobs, the latest at the right`}>
        <Link to={`/jobs?module=${encodeURIComponent(module)}`} className={classes.bars} aria-label={`The newest jobs of ${module}`}>
          {[...jobs].reverse().map((job) => <span key={job.id} data-status={job.status} />)}
        </Link>
      </Tooltip>
      <Text fz="xs" c="dimmed" className="nowrap figures">
        {ended.length > 0 && `${Math.round((completed / ended.length) * 100)} % completed`}
        {median !== null && ` · median ${duration(median)}`}
      </Text>
    </Group>
  );
}
