// What somebody wants of a job, as the fields of a form have it.
import type { Job } from "../../api/client";
import { labelTexts } from "../../show/labels";
import type { Value } from "./SchemaForm";

export interface Draft {
  inputs: Value;
  settings: Value;
  /** What is typed of both as JSON; nothing while there is a form for them. */
  texts: Texts | null;
  maxDuration: string;
  attempts: number;
  backoff: string;
  priority: number;
  /** Each `NAME=VALUE`. */
  labels: string[];
}

export interface Texts {
  inputs: string;
  settings: string;
}

export type Change<T> = (change: Partial<T>) => void;

export const USUAL_BACKOFF = "10s";

type Known = Pick<Job, "inputs" | "settings" | "max_duration" | "retry" | "priority" | "labels">;

export function draftOf(known: Known | undefined): Draft {
  return {
    inputs: known?.inputs ?? {},
    settings: known?.settings ?? {},
    texts: null,
    maxDuration: known?.max_duration ?? "",
    attempts: known?.retry.max_attempts ?? 1,
    backoff: known?.retry.backoff ?? USUAL_BACKOFF,
    priority: known?.priority ?? 0,
    labels: labelTexts(known?.labels ?? {}),
  };
}

export function textsOf({ inputs, settings }: Pick<Draft, "inputs" | "settings">): Texts {
  return { inputs: JSON.stringify(inputs, null, 2), settings: JSON.stringify(settings, null, 2) };
}

/** What is typed as JSON, or that it is no object. */
export function objectIn(text: string): Value | null {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Value) : null;
  } catch {
    return null;
  }
}

/** Beyond it the host's JSON has no whole numbers either; the largest is read as this one here. */
const LARGEST = 2 ** 64;

/** Whether JavaScript passes every number on as it was; whole ones beyond 2^53 it rounds, silently. */
export function isExact(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) > LARGEST;
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

export const NOT_EXACT = "There is a whole number beyond 2^53 in it, which a browser would change. The command line passes it on as it is.";

/** What both texts say, if they can be sent. */
export function objectsIn(texts: Texts): { inputs: Value; settings: Value } | null {
  const [inputs, settings] = [objectIn(texts.inputs), objectIn(texts.settings)];
  return inputs !== null && settings !== null && isExact(inputs) && isExact(settings) ? { inputs, settings } : null;
}

/** Whether what is given can be sent. */
export function isWhole({ inputs, settings, texts }: Pick<Draft, "inputs" | "settings" | "texts">): boolean {
  return texts === null ? isExact(inputs) && isExact(settings) : objectsIn(texts) !== null;
}

/** What is typed, and what it says as far as it is JSON. */
export function typed(draft: Pick<Draft, "inputs" | "settings">, texts: Texts): Pick<Draft, "inputs" | "settings" | "texts"> {
  return { texts, inputs: objectIn(texts.inputs) ?? draft.inputs, settings: objectIn(texts.settings) ?? draft.settings };
}
