// What a list of jobs shows, as it stands in the address: a view can be shared.
import { useLocation, useSearchParams } from "react-router";

import type { JobStatus } from "../api/client";
import { STATUSES } from "../show/Status";

export interface Filters {
  status: JobStatus | undefined;
  module: string | undefined;
  /** `NAME=VALUE`, with commas between them. */
  labels: string | undefined;
  text: string;
  /** The name or the id of the schedule that started them. */
  schedule: string | undefined;
}

const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isJobId(text: string): boolean {
  return JOB_ID.test(text.trim());
}

function filtersIn(search: URLSearchParams): Filters {
  return {
    status: STATUSES.find((status) => status === search.get("status")),
    module: search.get("module") ?? undefined,
    labels: search.get("labels") ?? undefined,
    text: search.get("search") ?? "",
    schedule: search.get("schedule") ?? undefined,
  };
}

export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const [search, setSearch] = useSearchParams();
  const { pathname } = useLocation();
  const set = (change: Partial<Filters>): void => {
    // The address may be ahead of what is drawn: by another change, or on a page that the reader has gone to.
    if (location.pathname !== pathname) return;
    const known = filtersIn(new URLSearchParams(location.search));
    const next = { ...known, ...change };
    const same = (Object.keys(next) as (keyof Filters)[]).every((name) => next[name] === known[name]);
    if (same) return;
    const entries = { status: next.status, module: next.module, labels: next.labels, search: next.text, schedule: next.schedule };
    const kept = Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
    setSearch(new URLSearchParams(kept), { replace: true });
  };
  return [filtersIn(search), set];
}
