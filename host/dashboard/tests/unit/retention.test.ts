import { expect, test } from "vitest";

import { highBytes, keptBy } from "../../src/admin/retention";

const RULES = { completed: "30days", failed: null, stopped: "90days", logs: "30days", checkpoints: null, jobs: 1_000_000, module_jobs: 50 };

test("a module's own rules stand in the place of those for all, none included", () => {
  const [all, one, other] = keptBy({ ...RULES, modules: ["word-count completed=7days logs=none", "thumbnails failed=1h jobs=none"] });
  expect([all?.module, one?.module, other?.module]).toEqual([null, "word-count", "thumbnails"]);
  expect(all?.ages.failed).toEqual({ limit: null, own: false });
  expect(one?.ages.completed).toEqual({ limit: "7days", own: true });
  expect(one?.ages.logs).toEqual({ limit: null, own: true });
  expect(one?.jobs).toEqual({ limit: 50, own: false });
  expect(other?.ages.failed).toEqual({ limit: "1h", own: true });
  expect(other?.jobs).toEqual({ limit: null, own: true });
});

test("removing begins an eighth below the limit, as the host has it", () => {
  expect(highBytes(32 * 1024 ** 2)).toBe(28 * 1024 ** 2);
});
