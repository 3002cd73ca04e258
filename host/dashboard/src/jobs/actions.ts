// What can be done with jobs: one of them, or many at once.
import { answer, api, problemIn, type Job, type JobStatus } from "../api/client";
import { queries } from "../api/queries";

export type Action = "stop" | "resume" | "delete";

/** Where each is possible, as the host has it. */
const POSSIBLE: Record<Action, JobStatus[]> = {
  stop: ["pending", "running"],
  resume: ["failed", "stopped"],
  delete: ["completed", "failed", "stopped"],
};

export const WORDS: Record<Action, { verb: string; done: string }> = {
  stop: { verb: "Stop", done: "asked to stop" },
  resume: { verb: "Resume", done: "resumed" },
  delete: { verb: "Delete", done: "deleted" },
};

/** What of a job says what can be done with it. */
export type Standing = Pick<Job, "id" | "status" | "removed">;

export function isPossible(action: Action, { status, removed }: Standing): boolean {
  // Without its checkpoint a job can only be started over, which somebody has to say.
  return POSSIBLE[action].includes(status) && (action !== "resume" || removed.checkpoint_at === null);
}

async function carryOut(action: Action, id: string): Promise<void> {
  const params = { path: { job_id: id } };
  if (action === "stop") await answer(api.POST("/v1/jobs/{job_id}/stop", { params }));
  if (action === "resume") await answer(api.POST("/v1/jobs/{job_id}/resume", { params, body: {} }));
  if (action === "delete") await answer(api.DELETE("/v1/jobs/{job_id}", { params }));
}

export interface Outcome {
  done: number;
  /** The first refusal, and how many there were. */
  refused: { count: number; detail: string } | null;
}

/** Requests that are under way at once. */
const AT_ONCE = 6;

export async function actOn(action: Action, ids: string[]): Promise<Outcome> {
  const waiting = [...ids];
  const outcome: Outcome = { done: 0, refused: null };
  const work = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      try {
        await carryOut(action, id);
        outcome.done += 1;
      } catch (error) {
        outcome.refused ??= { count: 0, detail: problemIn(error).detail };
        outcome.refused.count += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work));
  void queries.invalidateQueries({ queryKey: ["status"] });
  return outcome;
}
