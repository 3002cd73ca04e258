// Since when the oldest pending job waits. The list comes newest first, so it is known only when one page holds them all.
import { useQuery } from "@tanstack/react-query";

import { newestQuery } from "../api/queries";
import { duration } from "../show/format";
import { useNow } from "../show/now";

const MOST = 1000;

export function QueueAge({ pending }: { pending: number }) {
  const now = useNow();
  const { data } = useQuery({ ...newestQuery("pending", MOST), enabled: pending <= MOST });
  const oldest = data?.jobs.at(-1);
  if (oldest === undefined || data?.next_cursor !== null) return null;
  const since = Math.max(Date.parse(oldest.created_at), Date.parse(oldest.run_after ?? oldest.created_at));
  return <>{since > now ? `next in ${duration(since - now)}` : `oldest waits ${duration(now - since)}`}</>;
}
