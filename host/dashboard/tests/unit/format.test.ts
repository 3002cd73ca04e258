import { expect, test } from "vitest";

import { ago, bytes, duration, durationMs, number, plural, shortId, span } from "../../src/show/format";

test("sizes are binary, with as many digits as one reads", () => {
  expect([0, 1023, 1024, 1536, 268_435_456, 15_165_908_580].map(bytes)).toEqual(["0 B", "1023 B", "1 KiB", "1.5 KiB", "256 MiB", "14.1 GiB"]);
});

test("durations are cut to their two largest units", () => {
  expect([0, 113, 6540, 61_000, 8_100_000, 90_061_000].map(duration)).toEqual(["0ms", "113ms", "6.5s", "1m 1s", "2h 15m", "1d 1h"]);
  expect(duration(3_600_000 + 5_000)).toBe("1h");
});

test("durations of the host are read back, and what is none is nothing", () => {
  expect(["90s", "2h 15m", "7days", "500ms", "1h"].map(durationMs)).toEqual([90_000, 8_100_000, 604_800_000, 500, 3_600_000]);
  expect(["", "soon", "5 parsecs", "5s and more"].map(durationMs)).toEqual([null, null, null, null]);
});

test("whole days are said as days, however the host writes them", () => {
  expect(["30days", "1day", "2months 29days 2h 52m 48s", "1day 12h", "90s", "0s"].map(span)).toEqual(["30 days", "1 day", "90 days", "1 day 12h", "90s", "0s"]);
});

test("times are told as people tell them", () => {
  const now = Date.parse("2026-01-31T12:00:00Z");
  const told = (seconds: number): string => ago(new Date(now - seconds * 1000).toISOString(), now);
  expect([1, 40, 120, 7200, 90_000, -7200].map(told)).toEqual(["now", "40 seconds ago", "2 minutes ago", "2 hours ago", "yesterday", "in 2 hours"]);
});

test("numbers have separators, and words their plural", () => {
  expect([number(1_234_567), plural(1, "job"), plural(2, "job"), plural(0, "entry", "entries")]).toEqual(["1,234,567", "1 job", "2 jobs", "0 entries"]);
});

test("ids of the same moment are told apart", () => {
  expect(shortId("01890a5d-ac96-774b-bcce-b302099a8057")).toBe("b302099a8057");
});
