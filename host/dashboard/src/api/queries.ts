// What the pages read, by name. Live events keep it fresh; see `live.ts`.
import { QueryClient, infiniteQueryOptions, queryOptions, type QueryKey } from "@tanstack/react-query";

import { ProblemError, answer, api, type Job, type JobStatus } from "./client";

/** Refusals do not change by asking again; what could not be reached may be. */
function again(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ProblemError && (error.problem.status === 0 || error.problem.status >= 500);
}

export const queries = new QueryClient({
  defaultOptions: { queries: { retry: again, staleTime: 2_000, refetchOnWindowFocus: false }, mutations: { retry: false } },
});

/** Asks anew, and once more where the first answer was still on its way: it may tell what was before. */
export async function askAnew(queryKey: QueryKey): Promise<void> {
  const early = queries.isFetching({ queryKey, predicate: ({ state }) => state.data === undefined }) > 0;
  await queries.invalidateQueries({ queryKey });
  if (early) await queries.invalidateQueries({ queryKey });
}

/** Which jobs a list shows. */
export interface JobFilter {
  status?: JobStatus | undefined;
  module?: string | undefined;
  /** `NAME=VALUE`, with commas between them. */
  labels?: string | undefined;
  /** Part of an id, module, label or error. */
  search?: string | undefined;
  /** The id of the schedule that started them, or its name. */
  schedule?: string | undefined;
}

const PAGE = 100;

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => answer(api.GET("/v1/status", { signal })),
  refetchInterval: 10_000,
});

export function jobsQuery(filter: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ["jobs", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const query = { status: filter.status, module_id: filter.module, labels: filter.labels, search: filter.search, schedule: filter.schedule, limit: PAGE, cursor: pageParam };
      return answer(api.GET("/v1/jobs", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** The newest few jobs in a status. */
export function newestQuery(status: JobStatus, limit: number) {
  return queryOptions({
    queryKey: ["newest", status, limit],
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs", { params: { query: { status, limit } }, signal })),
  });
}

/** How many jobs began and ended over time. */
export function historyQuery(since: string, step: string) {
  return queryOptions({
    queryKey: ["history", since, step],
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs/history", { params: { query: { since, step } }, signal })),
    refetchInterval: 10_000,
  });
}

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
  });
}

/** The last few lines of a job's log. */
export function lastLinesQuery(id: string, last: number, count: number) {
  return queryOptions({
    queryKey: ["last-lines", id, last, count],
    queryFn: async ({ signal }) => {
      const query = { after: Math.max(0, last - count), limit: count };
      return (await answer(api.GET("/v1/jobs/{job_id}/logs", { params: { path: { job_id: id }, query }, signal }))).lines;
    },
    staleTime: Infinity,
  });
}

/** Attempts of a job, anew with each that begins or ends. */
export function attemptsQuery({ id, attempt, status }: Job) {
  return queryOptions({
    queryKey: ["attempts", id, attempt, status],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/jobs/{job_id}/attempts", { params: { path: { job_id: id }, query: { limit: 1000 } }, signal })),
  });
}

export function checkpointQuery(id: string, savedAt: string | null) {
  return queryOptions({
    queryKey: ["checkpoint", id, savedAt],
    queryFn: ({ signal }) => answer(api.GET("/v1/jobs/{job_id}/checkpoint", { params: { path: { job_id: id } }, signal })),
    enabled: savedAt !== null,
  });
}

export function resultsQuery(id: string, superseded: boolean) {
  return infiniteQueryOptions({
    queryKey: ["results", id, superseded],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) => {
      const params = { path: { job_id: id }, query: { after: pageParam, limit: 500, superseded } };
      return answer(api.GET("/v1/jobs/{job_id}/results", { params, signal }));
    },
    getNextPageParam: (page) => (page.results.length === 0 ? undefined : page.next_after),
  });
}

/** All modules: there are few, each with all it says of itself. */
export const modulesQuery = queryOptions({
  queryKey: ["modules"],
  queryFn: async ({ signal }) => {
    const modules = [];
    let cursor: string | undefined;
    do {
      const page = await answer(api.GET("/v1/modules", { params: { query: { limit: 1000, cursor } }, signal }));
      modules.push(...page.modules);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return modules;
  },
});

export function moduleQuery(id: string) {
  return queryOptions({
    queryKey: ["module", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/modules/{module_id}", { params: { path: { module_id: id } }, signal })),
  });
}

export function reportQuery(id: string) {
  return queryOptions({
    queryKey: ["report", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/modules/{module_id}/report", { params: { path: { module_id: id } }, signal })),
  });
}

/** All schedules, by name; looked at again now and then, since they fire by themselves. */
export const schedulesQuery = queryOptions({
  queryKey: ["schedules"],
  queryFn: async ({ signal }) => {
    const schedules = [];
    let cursor: string | undefined;
    do {
      const page = await answer(api.GET("/v1/schedules", { params: { query: { limit: 1000, cursor } }, signal }));
      schedules.push(...page.schedules);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return schedules;
  },
  refetchInterval: 10_000,
});

/** One schedule; what it does by itself shows soon after. */
export function scheduleQuery(id: string) {
  return queryOptions({
    queryKey: ["schedules", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/schedules/{schedule_id}", { params: { path: { schedule_id: id } }, signal })),
    refetchInterval: 5_000,
  });
}

/** The next times of a schedule, anew with each that has come. */
export function nextRunsQuery(id: string, next: string | null, updated: string) {
  return queryOptions({
    queryKey: ["schedules", id, "next", next, updated],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/schedules/{schedule_id}/next", { params: { path: { schedule_id: id }, query: { limit: 3 } }, signal }))).next,
    enabled: next !== null,
  });
}

/** What its occurrences came to, the newest first: all that the host remembers. */
export function scheduleRunsQuery(id: string) {
  return queryOptions({
    queryKey: ["schedules", id, "runs"],
    queryFn: async ({ signal }) => (await answer(api.GET("/v1/schedules/{schedule_id}/runs", { params: { path: { schedule_id: id }, query: { limit: 1000 } }, signal }))).runs,
    refetchInterval: 5_000,
  });
}

export const secretsQuery = queryOptions({
  queryKey: ["secrets"],
  queryFn: async ({ signal }) => (await answer(api.GET("/v1/secrets", { signal }))).secrets,
});

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: async ({ signal }) => (await answer(api.GET("/v1/settings", { signal }))).settings,
});

/** What is kept of ended jobs, how full the database is, and what was removed. */
export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => answer(api.GET("/v1/retention", { signal })),
  refetchInterval: 10_000,
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await answer(api.GET("/v1/tokens", { signal }))).tokens,
});

export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async ({ signal }) => (await answer(api.GET("/v1/webhooks", { signal }))).webhooks,
  refetchInterval: 10_000,
});

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: ["webhook", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, signal })),
    refetchInterval: 5_000,
  });
}

/** Where a delivery stands. */
export type DeliveryState = "waiting" | "delivered" | "failed";

/** What a webhook was told, newest first; looked at again and again, since attempts come and go. */
export function deliveriesQuery(id: string, state: DeliveryState | undefined) {
  return infiniteQueryOptions({
    queryKey: ["deliveries", id, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const params = { path: { webhook_id: id }, query: { state, limit: 50, cursor: pageParam } };
      return answer(api.GET("/v1/webhooks/{webhook_id}/deliveries", { params, signal }));
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 2_000,
  });
}
