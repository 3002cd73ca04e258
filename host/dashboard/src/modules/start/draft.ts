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

/** Whether what is typed can be sent. */
export function isWhole({ texts }: Pick<Draft, "texts">): boolean {
  return texts === null || (objectIn(texts.inputs) !== null && objectIn(texts.settings) !== null);
}

/** What is typed, and what it says as far as it is JSON. */
export function typed(draft: Pick<Draft, "inputs" | "settings">, texts: Texts): Pick<Draft, "inputs" | "settings" | "texts"> {
  return { texts, inputs: objectIn(texts.inputs) ?? draft.inputs, settings: objectIn(texts.settings) ?? draft.settings };
}
