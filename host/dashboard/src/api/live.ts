// Turns events into what the pages show: rows change where they are, and what an event does not tell is asked for, a
// little at a time.
import { useQuery, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { labelTexts } from "../show/labels";
import { answer, api, type Job, type Schemas } from "./client";
import { watch, type Connection, type HostEvent } from "./events";
import { askAnew, queries, type JobFilter } from "./queries";
import { allows, ownTokenQuery } from "./rights";
import { useRefused, useToken } from "./session";

type Pages = InfiniteData<Schemas["JobPage"], string | undefined>;
type JobEvent = Extract<HostEvent, { type: "job" }>;

/** Events are shown together so often: a busy host has thousands in a second. */
const SHOW_MS = 120;
/** Changes are collected for so long before more is asked for. */
const COLLECT_MS = 400;
/** Counts and newest jobs are asked for no more often than this. */
const COUNT_MS = 1500;
/** More jobs than this are not asked for one by one. */
const ONE_BY_ONE = 25;
/** Of so many that no list shows, at a time, it is found out whether one should. */
const ASKED_AT_MOST = 200;

let connection: Connection = "connecting";
/** Jobs that no list has shown yet. */
let unseen = new Set<string>();
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

/** How many jobs there are that were made since the lists were loaded. */
export function useUnseen(): number {
  return useSyncExternalStore(subscribe, () => unseen.size);
}

/** Loads the lists again, with what is new. */
export function showUnseen(): void {
  forgetUnseen();
  void queries.resetQueries({ queryKey: ["jobs"] });
}

function eachJob(change: (job: Job) => Job | null): void {
  queries.setQueriesData<Pages>({ queryKey: ["jobs"] }, (lists) => {
    if (lists === undefined) return undefined;
    const pages = lists.pages.map((page) => {
      let same = true;
      const jobs = page.jobs.flatMap((job) => {
        const next = change(job);
        same &&= next === job;
        return next === null ? [] : [next];
      });
      return same ? page : { ...page, jobs };
    });
    return { ...lists, pages };
  });
}

/** Shows a job as it is now, wherever it stands. */
export function put(job: Job): void {
  queries.setQueryData(["job", job.id], job);
  eachJob((shown) => (shown.id === job.id ? job : shown));
}

/** What an event says of a job, on the job as it was known. */
function moved(job: Job, event: JobEvent): Job {
  const { status, attempt, progress, node } = event;
  return { ...job, status, attempt, progress: progress ?? null, node: node ?? null };
}

/** Has something done once in a while, however often it is asked for. */
function everyNow(ms: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, ms);
  };
}

/** Not shown yet, and not asked for yet: the newest event of each job. */
const arrived = new Map<string, JobEvent>();
const changedJobs = new Map<string, JobEvent>();

const collect = everyNow(COLLECT_MS, () => {
  const events = [...changedJobs.values()];
  changedJobs.clear();
  void askFor(events);
});

const count = everyNow(COUNT_MS, () => {
  void queries.invalidateQueries({ queryKey: ["status"] });
  void queries.invalidateQueries({ queryKey: ["newest"] });
});

const show = everyNow(SHOW_MS, () => {
  for (const [id, event] of arrived) {
    queries.setQueryData<Job>(["job", id], (job) => job && moved(job, event));
    changedJobs.set(id, event);
  }
  eachJob((job) => {
    const event = arrived.get(job.id);
    return event === undefined ? job : moved(job, event);
  });
  arrived.clear();
  count();
  collect();
});

function isShown(id: string): boolean {
  if (queries.getQueryData(["job", id]) !== undefined) return true;
  const lists = queries.getQueriesData<Pages>({ queryKey: ["jobs"] });
  return lists.some(([, list]) => list?.pages.some((page) => page.jobs.some((job) => job.id === id)));
}

/** What a list lacks, as far as an event tells: `ask` when the job itself has to be looked at. */
function isMissedBy(list: Pages, filter: JobFilter, event: JobEvent): "no" | "yes" | "ask" {
  const pages = list.pages;
  const [newest, oldest] = [pages[0]?.jobs[0]?.id ?? "", pages.at(-1)?.jobs.at(-1)?.id ?? ""];
  // Ids grow with time. What is older than what is loaded comes with a later page.
  const isOld = pages.at(-1)?.next_cursor !== null && event.id < oldest;
  const fits = filter.status === undefined ? event.id > newest : filter.status === event.status && !isOld;
  const byStatus = filter.module === undefined && filter.labels === undefined && filter.search === undefined && filter.schedule === undefined;
  return !fits ? "no" : byStatus ? "yes" : "ask";
}

/** Whether a job has a text where the host looks for it. */
function has(job: Job, text: string): boolean {
  const places = [job.id, `${job.module.name}@${job.module.version}`, job.error?.code, job.error?.message, ...labelTexts(job.labels)];
  return places.some((place) => place?.toLowerCase().includes(text.toLowerCase()));
}

/** Whether a job is what a list asks for beside the status. */
function fitsTo(job: Job, filter: JobFilter): boolean {
  const { module, schedule } = job;
  if (filter.search !== undefined && !has(job, filter.search)) return false;
  if (filter.schedule !== undefined && filter.schedule !== schedule?.id && filter.schedule !== schedule?.name) return false;
  const named = filter.module === undefined || [module.name, `${module.name}@${module.version}`, module.digest].includes(filter.module);
  const [wanted, labels] = [filter.labels?.split(",") ?? [], labelTexts(job.labels)];
  return named && wanted.every((label) => labels.includes(label));
}

function fetchJob(id: string): Promise<Job> {
  return answer(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } }));
}

/** Counts jobs that belong into a list that is open, and are not in it. */
async function noteMissed(events: JobEvent[]): Promise<void> {
  // Who forgets them meanwhile loads them anew: what is found after that is no news.
  const noted = unseen;
  const open = queries.getQueryCache().findAll({ queryKey: ["jobs"], type: "active" });
  for (const query of open) {
    const [list, filter] = [query.state.data as Pages | undefined, query.queryKey[1] as JobFilter];
    if (list === undefined) continue;
    for (const event of events) {
      const missed = isMissedBy(list, filter, event);
      if (missed === "no" || noted.has(event.id)) continue;
      const job = missed === "ask" ? await fetchJob(event.id).catch(() => null) : null;
      if (missed === "ask" && (job === null || !fitsTo(job, filter))) continue;
      noted.add(event.id);
    }
  }
  tell();
}

async function askFor(events: JobEvent[]): Promise<void> {
  const shown = events.filter((event) => isShown(event.id));
  void noteMissed(events.filter((event) => !isShown(event.id)).slice(0, ASKED_AT_MOST));
  if (shown.length > ONE_BY_ONE) {
    void queries.invalidateQueries({ queryKey: ["job"] });
    return void queries.invalidateQueries({ queryKey: ["jobs"] });
  }
  for (const { id } of shown) await fetchJob(id).then(put).catch(() => undefined);
}

/** Forgets what lists lacked that are not shown any more. */
export function forgetUnseen(): void {
  unseen = new Set();
  tell();
}

function take(event: HostEvent): void {
  switch (event.type) {
    case "reset":
      return void queries.invalidateQueries();
    case "deleted":
      queries.removeQueries({ queryKey: ["job", event.id], type: "inactive" });
      eachJob((job) => (job.id === event.id ? null : job));
      void queries.invalidateQueries({ queryKey: ["job", event.id] });
      return count();
    case "job":
      arrived.set(event.id, event);
      return show();
  }
}

function connected(next: Connection): void {
  const [before, isLive] = [connection, next === "live"];
  connection = next;
  tell();
  if (before === "lost" && isLive) return void queries.invalidateQueries();
  // What was loaded before the first event could come may have changed in between.
  if (before !== next && isLive) for (const queryKey of [["job"], ["jobs"], ["newest"]]) void askAnew(queryKey);
}

/** Keeps everything fresh for as long as the page is open and the host lets it in. */
export function useLive(): void {
  const token = useToken();
  const refused = useRefused();
  const { data: own } = useQuery({ ...ownTokenQuery, enabled: !refused });
  const watches = own !== undefined && allows(own, "jobs:read");
  useEffect(() => {
    if (refused || !watches) return undefined;
    const ending = new AbortController();
    void watch({ event: take, connection: connected }, ending.signal);
    return () => {
      ending.abort();
      // Until the next connection nobody listens.
      connected("connecting");
    };
  }, [token, refused, watches]);
}
