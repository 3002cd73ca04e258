// Modules by their names, versions in the order of semantic versioning.
import type { Module } from "../api/client";

export interface Named {
  name: string;
  /** The newest first. */
  versions: Module[];
  /** What the name alone stands for: the highest version, a pre-release only when there is nothing else. */
  newest: Module;
}

function parts(version: string): { numbers: number[]; pre: string[] } {
  const [core = "", ...rest] = (version.split("+")[0] ?? "").split("-");
  const pre = rest.join("-");
  return { numbers: core.split(".").map(Number), pre: pre === "" ? [] : pre.split(".") };
}

function comparePre(one: string[], other: string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const [left, right] = [one[at], other[at]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const [isNumber, areBoth] = [/^\d+$/.test(left), /^\d+$/.test(left) && /^\d+$/.test(right)];
    if (areBoth && left !== right) return Number(left) - Number(right);
    if (isNumber !== /^\d+$/.test(right)) return isNumber ? -1 : 1;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** Less than zero when the first comes before the second. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [parts(one), parts(other)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePre(left.pre, right.pre);
}

export function byName(modules: Module[]): Named[] {
  const names = new Map<string, Module[]>();
  for (const module of modules) names.set(module.name, [...(names.get(module.name) ?? []), module]);
  const named = [...names].flatMap(([name, all]) => {
    const versions = all.sort((one, other) => compareVersions(other.version, one.version));
    const newest = versions.find((module) => !module.version.includes("-")) ?? versions[0];
    return newest === undefined ? [] : [{ name, versions, newest }];
  });
  return named.sort((one, other) => one.name.localeCompare(other.name));
}
