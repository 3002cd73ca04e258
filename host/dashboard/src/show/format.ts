// Numbers, sizes and times as people read them, the same words as the command line.

const NUMBER = new Intl.NumberFormat("en-GB");
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const ABSOLUTE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const SIZES = ["B", "KiB", "MiB", "GiB", "TiB"];
const UNITS: [string, number][] = [["d", 86_400], ["h", 3600], ["m", 60], ["s", 1]];

export function number(value: number): string {
  return NUMBER.format(value);
}

export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : Number(size.toFixed(1))} ${SIZES[unit]}`;
}

/** In its two largest units: `2h 15m`, `340ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))}s`;
  let left = Math.floor(ms / 1000);
  const parts = [];
  for (const [unit, seconds] of UNITS) {
    const count = Math.floor(left / seconds);
    if (count > 0 || parts.length > 0) parts.push(count > 0 ? `${count}${unit}` : "");
    left -= count * seconds;
    if (parts.length === 2) break;
  }
  return parts.filter((part) => part !== "").join(" ");
}

const DURATION_PART = /(\d+(?:\.\d+)?)\s*([a-z]+)/g;
/** As the host writes them; months and years as it counts them. */
const PART_MS: Record<string, number> = {
  ms: 1, s: 1000, m: 60_000, h: 3_600_000, day: 86_400_000, days: 86_400_000, d: 86_400_000,
  month: 2_630_016_000, months: 2_630_016_000, year: 31_557_600_000, years: 31_557_600_000,
};

/** The milliseconds of a duration as the host writes it; nothing when it cannot be read. */
export function durationMs(text: string): number | null {
  let sum = 0;
  let read = "";
  for (const [whole, amount, unit] of text.matchAll(DURATION_PART)) {
    const unitMs = PART_MS[unit ?? ""];
    if (unitMs === undefined) return null;
    sum += Number(amount) * unitMs;
    read += whole;
  }
  return read !== "" && read.replaceAll(" ", "") === text.replaceAll(" ", "") ? sum : null;
}

const DAY_MS = 86_400_000;

/** A duration of the host as people say it: whole days as days, where it writes months and what is left of them. */
export function span(text: string): string {
  const ms = durationMs(text);
  if (ms === null || ms === 0 || ms % DAY_MS !== 0) return text.replaceAll(/(\d)(day|month|year)/g, "$1 $2");
  return plural(ms / DAY_MS, "day");
}

export function ago(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  const past = Math.abs(seconds);
  if (past < 5) return "now";
  if (past < 60) return RELATIVE.format(seconds, "second");
  if (past < 3600) return RELATIVE.format(Math.round(seconds / 60), "minute");
  if (past < 86_400) return RELATIVE.format(Math.round(seconds / 3600), "hour");
  return RELATIVE.format(Math.round(seconds / 86_400), "day");
}

export function absolute(time: string): string {
  return ABSOLUTE.format(new Date(time));
}

/** The clock time of a log line, to the millisecond. */
export function clock(time: string): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, "0");
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** Ids are told apart by their end: the beginning is the time. */
export function shortId(id: string): string {
  return id.slice(-12);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
