import { expect, test } from "vitest";

import { EVERYTHING, LINE_HEIGHT, Lines, SEPARATOR_HEIGHT, type Line } from "../../src/job/log/lines";

function line(seq: number, more: Partial<Line> = {}): Line {
  return { seq, time: "2026-01-31T12:00:00.000Z", attempt: 1, continued: false, level: "info", message: `line ${seq}`, source: "guest", ...more };
}

function shown(lines: Lines): string[] {
  return lines.visible.map((_, row) => {
    const entry = lines.at(row);
    return entry !== undefined && "message" in entry ? entry.message : "gap";
  });
}

test("a filter holds for lines that came before it and for those that come later", () => {
  const lines = new Lines();
  lines.append([line(1), line(2, { level: "error", message: "Disk FULL" })]);
  lines.filter({ level: "warn", text: "disk" });
  expect(shown(lines)).toEqual(["Disk FULL"]);
  lines.append([line(3, { level: "warn", message: "disk again" }), line(4, { level: "error" })]);
  expect(shown(lines)).toEqual(["Disk FULL", "disk again"]);
  lines.filter(EVERYTHING);
  expect(lines.visible.length).toBe(4);
});

test("a gap is never hidden, and another attempt is set apart", () => {
  const lines = new Lines();
  lines.append([line(1), { gap: { from: 2, to: 9, reason: "retention" } }, line(10, { attempt: 2 }), line(11, { attempt: 2 })]);
  lines.filter({ level: "error", text: "nothing" });
  expect(shown(lines)).toEqual(["gap"]);
  lines.filter(EVERYTHING);
  expect([0, 1, 2, 3].map((row) => lines.beginsAttempt(row))).toEqual([false, false, true, false]);
});

test("each row is as high as its line breaks and what stands above it", () => {
  const lines = new Lines();
  lines.append([line(1, { message: "a\nb\nc" }), line(2, { attempt: 2 })]);
  expect([lines.height(0), lines.height(1)]).toEqual([3 * LINE_HEIGHT, LINE_HEIGHT + SEPARATOR_HEIGHT]);
});

test("a line is found by its number, also when a filter hides it", () => {
  const lines = new Lines();
  lines.append([line(5), line(6, { level: "debug" }), line(7)]);
  expect([lines.rowOf(5), lines.rowOf(6), lines.rowOf(8)]).toEqual([0, 1, -1]);
  lines.filter({ level: "info", text: "" });
  expect(lines.rowOf(6)).toBe(1);
});

test("a hundred thousand lines are appended and filtered within a moment", () => {
  const lines = new Lines();
  const all = Array.from({ length: 100_000 }, (_, index) => line(index + 1));
  const begin = performance.now();
  for (let at = 0; at < all.length; at += 500) lines.append(all.slice(at, at + 500));
  lines.filter({ level: "info", text: "line 9999" });
  expect(lines.visible.length).toBe(11);
  expect(performance.now() - begin).toBeLessThan(2_000);
});
