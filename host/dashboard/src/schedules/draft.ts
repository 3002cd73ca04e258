// A schedule as the fields of its form have it, and the request that they make.
import type { Module, Schemas } from "../api/client";
import { byName } from "../modules/versions";
import { USUAL_BACKOFF, draftOf as jobDraftOf, type Draft as JobDraft } from "../modules/start/draft";
import { durationMs, plural } from "../show/format";
import { labelsOf } from "../show/labels";

export type Schedule = Schemas["Schedule"];
type Job = Schemas["ScheduledJob"];

export const OVERLAPS: { value: Schemas["Overlap"]; label: string }[] = [
  { value: "skip", label: "Start nothing" },
  { value: "queue", label: "Let the new one wait" },
  { value: "replace", label: "Stop it, then start the new one" },
  { value: "allow", label: "Start the new one beside it" },
];
export const CATCH_UPS: { value: Schemas["CatchUpPolicy"]; label: string }[] = [
  { value: "last", label: "Start the newest" },
  { value: "none", label: "Start none" },
  { value: "all", label: "Start each" },
];
/** As the host has them where nobody says otherwise. */
const USUAL = { limit: 100, maxAge: "1day", lateAfter: "1m" };

/** What the form has no fields for; it stays as it is, or is left out. */
export type Kept = Pick<Job, "checkpoint" | "queue" | "unique" | "stop_grace">;

export interface ScheduleDraft extends JobDraft {
  name: string;
  /** A name, `name@version`, or the digest of its bytes. */
  module: string;
  cron: string;
  zone: string;
  overlap: Schemas["Overlap"];
  catchUp: Schemas["CatchUpPolicy"];
  catchUpLimit: number;
  catchUpAge: string;
  jitter: string;
  lateAfter: string;
  paused: boolean;
  kept: Kept;
}

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function draftOf(known: Schedule | undefined, module: string): ScheduleDraft {
  const { checkpoint = null, queue = null, unique = null, stop_grace = null } = known?.job ?? {};
  return {
    ...jobDraftOf(known?.job),
    name: known?.name ?? "",
    module: known?.job.module_id ?? module,
    cron: known?.cron ?? "",
    zone: known?.time_zone ?? ownZone(),
    overlap: known?.overlap ?? "skip",
    catchUp: known?.catch_up.policy ?? "last",
    catchUpLimit: known?.catch_up.limit ?? USUAL.limit,
    catchUpAge: known?.catch_up.max_age ?? USUAL.maxAge,
    jitter: durationMs(known?.jitter ?? "") === 0 ? "" : (known?.jitter ?? ""),
    lateAfter: known?.late_after ?? USUAL.lateAfter,
    paused: known?.paused ?? false,
    kept: { checkpoint, queue, unique, stop_grace },
  };
}

/** Nothing typed is the host's own. */
function given(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

/** All that a schedule is: what a request leaves out would be as for a new one. */
export function requestOf(draft: ScheduleDraft): Schemas["PutSchedule"] {
  const { inputs, settings, attempts, priority, kept } = draft;
  return {
    name: draft.name.trim(),
    cron: draft.cron,
    time_zone: draft.zone,
    job: {
      module_id: draft.module.trim(),
      inputs,
      settings,
      max_duration: given(draft.maxDuration),
      retry: { max_attempts: attempts, backoff: given(draft.backoff) ?? USUAL_BACKOFF },
      priority,
      labels: labelsOf(draft.labels),
      ...kept,
    },
    overlap: draft.overlap,
    catch_up: { policy: draft.catchUp, limit: draft.catchUpLimit, max_age: given(draft.catchUpAge) },
    jitter: given(draft.jitter),
    late_after: given(draft.lateAfter),
    paused: draft.paused,
  };
}

/** Whether something is set that the short form does not show. */
export function isUnusual(draft: ScheduleDraft): boolean {
  const { maxDuration, attempts, priority, labels, catchUpLimit, catchUpAge, lateAfter, kept } = draft;
  const other = [[catchUpAge, USUAL.maxAge], [lateAfter, USUAL.lateAfter]].some(([is = "", usual = ""]) => durationMs(is) !== durationMs(usual));
  return other || maxDuration !== "" || attempts !== 1 || priority !== 0 || labels.length > 0 || catchUpLimit !== USUAL.limit || keptTexts(kept).length > 0;
}

/** What is kept, in words. */
export function keptTexts({ checkpoint, queue, unique, stop_grace }: Kept): [keyof Kept, string][] {
  const all: [keyof Kept, string][] = [];
  if (checkpoint !== null) all.push(["checkpoint", "begins from a checkpoint"]);
  if (queue !== null) all.push(["queue", `queue ${queue.key}${typeof queue.concurrency === "number" ? `, ${plural(queue.concurrency, "job")} at once` : ""}`]);
  if (unique !== null) all.push(["unique", `unique ${unique.key}`]);
  if (stop_grace !== null) all.push(["stop_grace", `${stop_grace} to stop`]);
  return all;
}

/** The module of which a reference speaks, and so its schemas. */
export function moduleOf(modules: Module[], reference: string): Module | undefined {
  const byReference = modules.find(({ id, digest }) => id === reference || digest === reference);
  return byReference ?? byName(modules).find(({ name }) => name === reference)?.newest;
}

/** The name of a module in a reference; nothing for a digest that nobody knows. */
export function nameIn(modules: Module[], reference: string): string | undefined {
  return moduleOf(modules, reference)?.name ?? (reference.startsWith("sha256:") ? undefined : reference.split("@")[0]);
}
