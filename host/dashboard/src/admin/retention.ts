// Which rules of retention hold for which module: those of the module itself where it has some, else those for all.
import type { Schemas } from "../api/client";

type Rules = Schemas["RetentionRules"];

export const AGES = ["completed", "failed", "stopped", "logs", "checkpoints"] as const;
export type Age = (typeof AGES)[number];

/** A limit: nothing where there is none; and whether the module has it for itself. */
interface Limit<T> {
  limit: T | null;
  own: boolean;
}

export interface Kept {
  /** Nothing: every module that has no rules of its own. */
  module: string | null;
  ages: Record<Age, Limit<string>>;
  /** How many ended jobs of each module. */
  jobs: Limit<number>;
}

/** The host writes a module's rules as its settings have them: `word-count completed=7days jobs=1000`. */
function ownOf(text: string): { module: string; limits: Map<string, string> } {
  const [module = "", ...rules] = text.split(" ");
  return { module, limits: new Map(rules.map((rule) => [rule.split("=")[0] ?? "", rule.split("=")[1] ?? ""])) };
}

function limited<T>(own: string | undefined, usual: T | null, read: (text: string) => T): Limit<T> {
  if (own === undefined) return { limit: usual, own: false };
  return { limit: own === "none" ? null : read(own), own: true };
}

/** What holds for all, and then for each module that has rules of its own. */
export function keptBy(rules: Rules): Kept[] {
  const row = (module: string | null, limits: Map<string, string>): Kept => ({
    module,
    ages: Object.fromEntries(AGES.map((age) => [age, limited(limits.get(age), rules[age], (text) => text)])) as Kept["ages"],
    jobs: limited(limits.get("jobs"), rules.module_jobs, Number),
  });
  return [row(null, new Map()), ...rules.modules.map(ownOf).map(({ module, limits }) => row(module, limits))];
}

/** Above so many bytes the oldest goes, as the host has it. */
export function highBytes(limit: number): number {
  return limit - Math.floor(limit / 8);
}
