// The lines of a log as they are shown: those that a filter lets through, and how high each stands. Appending costs what
// is appended, however much there is.
import type { Schemas } from "../../api/client";

export type Line = Schemas["LogLine"];
export interface Gap {
  gap: { from: number; to: number; reason: string };
}
export type Entry = Line | Gap;

export const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface LineFilter {
  /** The least level shown. */
  level: Level;
  text: string;
}

export const EVERYTHING: LineFilter = { level: "trace", text: "" };

export const LINE_HEIGHT = 20;
/** What stands above the first line of another attempt. */
export const SEPARATOR_HEIGHT = 34;

export function isGap(entry: Entry): entry is Gap {
  return "gap" in entry;
}

function shows(entry: Entry, filter: LineFilter, wanted: string): boolean {
  if (isGap(entry)) return true;
  const level = LEVELS.indexOf(entry.level as Level);
  if (level >= 0 && level < LEVELS.indexOf(filter.level)) return false;
  return wanted === "" || entry.message.toLowerCase().includes(wanted);
}

function breaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

export class Lines {
  readonly all: Entry[] = [];
  /** Indices into `all`. */
  visible: number[] = [];
  #filter = EVERYTHING;
  #gaps = 0;

  /** How many lines there are, and how many a filter lets through. Gaps are none, and no filter hides them. */
  get counts(): { all: number; visible: number } {
    return { all: this.all.length - this.#gaps, visible: this.visible.length - this.#gaps };
  }

  append(entries: Entry[]): void {
    const wanted = this.#filter.text.toLowerCase();
    for (const entry of entries) {
      if (shows(entry, this.#filter, wanted)) this.visible.push(this.all.length);
      this.all.push(entry);
      if (isGap(entry)) this.#gaps += 1;
    }
  }

  filter(filter: LineFilter): void {
    this.#filter = filter;
    const wanted = filter.text.toLowerCase();
    this.visible = [];
    this.all.forEach((entry, index) => {
      if (shows(entry, filter, wanted)) this.visible.push(index);
    });
  }

  at(row: number): Entry | undefined {
    return this.all[this.visible[row] ?? -1];
  }

  /** Whether a row begins another attempt than the row before. */
  beginsAttempt(row: number): boolean {
    const entry = this.at(row);
    if (entry === undefined || isGap(entry)) return false;
    const before = row === 0 ? undefined : this.at(row - 1);
    return before === undefined || isGap(before) ? entry.attempt > 1 || row > 0 : before.attempt !== entry.attempt;
  }

  /** As long as nothing is wrapped. */
  height(row: number): number {
    const entry = this.at(row);
    if (entry === undefined || isGap(entry)) return SEPARATOR_HEIGHT;
    return LINE_HEIGHT * (1 + breaks(entry.message)) + (this.beginsAttempt(row) ? SEPARATOR_HEIGHT : 0);
  }

  /** The row of the line with this number, or of the first after it; -1 when there is none. */
  rowOf(seq: number): number {
    return this.visible.findIndex((index) => {
      const entry = this.all[index];
      return entry !== undefined && (isGap(entry) ? entry.gap.to : entry.seq) >= seq;
    });
  }
}
