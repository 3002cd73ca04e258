// Results as a table: the keys that they share, and the texts of their cells.
import type { Schemas } from "../../api/client";

export type JobResult = Schemas["JobResult"];

/** More columns than this are no table. */
const MOST_COLUMNS = 40;

/** The keys of all results, in the order in which they come; nothing when they are not alike. */
export function columnsOf(results: JobResult[]): string[] | null {
  const seen = new Map<string, number>();
  for (const { data } of results) {
    if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
    for (const key of Object.keys(data)) seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const columns = [...seen.keys()];
  const filled = [...seen.values()].reduce((sum, count) => sum + count, 0);
  const dense = filled >= (columns.length * results.length) / 2;
  return columns.length > 0 && columns.length <= MOST_COLUMNS && dense ? columns : null;
}

export function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** As RFC 4180 quotes; a formula is made text, so that no spreadsheet runs what a module wrote. */
export function csvCell(value: unknown): string {
  const text = cell(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(columns: string[], results: JobResult[]): string {
  const rows = results.map(({ data }) => columns.map((column) => csvCell(data[column])).join(","));
  return [columns.map(csvCell).join(","), ...rows, ""].join("\r\n");
}
