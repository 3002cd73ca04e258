// A log of 100,000 lines: shown, followed, searched, scrolled through, and the page never freezes.
import { expect, test } from "vitest";

import { Session, shoot } from "./browser";
import { frames, type Frames } from "./frames";

const LINES = 100_000;
/** What the page itself may take on a processor in one piece, in which it answers nobody. */
const BUDGET_MS = 100;
/** No frame comes later than this, however busy the machine is with other things. */
const FROZEN_MS = 5_000;

const session = Session.forThisFile((host) => host.add("hostile"));

function within(what: string, { count, nearlyAllMs, worstMs, longestTaskMs }: Frames): void {
  console.log(
    `${what}: ${count} frames, 95 % within ${nearlyAllMs.toFixed(0)} ms, the worst ${worstMs.toFixed(0)} ms; ` +
      `the longest task took ${longestTaskMs.toFixed(0)} ms on a processor`,
  );
  expect(count).toBeGreaterThan(5);
  expect(longestTaskMs).toBeGreaterThan(0);
  expect(longestTaskMs).toBeLessThan(BUDGET_MS);
  expect(worstMs).toBeLessThan(FROZEN_MS);
}

test("a hundred thousand lines are loaded, scrolled through and searched within the frame budget", async () => {
  const id = await session.host.startJob("hostile", { behaviour: "flood_log", lines: LINES });
  await session.host.reaches(id, "completed");
  const page = await session.open(`/jobs/${id}?tab=usage`);
  await page.getByRole("tab", { name: "Usage" }).waitFor();
  const log = page.getByRole("log");
  const last = page.locator(`[data-seq="${LINES}"]`);
  within("loading", await frames(session.browser, page, async () => {
    await page.getByRole("tab", { name: "Log" }).click();
    await last.waitFor();
  }));
  // The feed has ended: while it follows, what it still has to say would bring the list back to its end.
  await page.getByRole("button", { name: "To the end" }).waitFor();
  expect(await page.locator("[data-seq]").count()).toBeLessThan(200);
  within("scrolling", await frames(session.browser, page, () => log.evaluate(async (box) => {
    for (let step = 0; step <= 100; step += 1) {
      box.scrollTop = (box.scrollHeight * step) / 100;
      await new Promise(requestAnimationFrame);
    }
    box.scrollTop = 0;
  })));
  await page.locator('[data-seq="1"]').waitFor();
  await shoot(page, "log-100000");
  within("searching", await frames(session.browser, page, async () => {
    await page.getByLabel("Search the log").fill("99999");
    await page.getByText(/^[\d,]+ of 100,000 lines/).waitFor();
  }));
  await page.getByLabel("Search the log").fill("");
  await page.getByText(/^100,000 lines/).waitFor();
  await page.getByTitle("Point at line 1", { exact: true }).click();
  await page.waitForURL(/line=1$/);
  const pointed = await session.open(`/jobs/${id}?line=54321`);
  await pointed.locator('[data-seq="54321"][data-marked]').waitFor();
});

test("following pauses when one scrolls up, and goes on when asked", async () => {
  const id = await session.host.startJob("hostile", { behaviour: "flood_log", lines: 3_000 });
  await session.host.reaches(id, "completed");
  const page = await session.open(`/jobs/${id}`);
  await page.locator('[data-seq="3000"]').waitFor();
  const follow = page.getByRole("button", { name: "To the end" });
  expect(await follow.getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("log").hover();
  await page.mouse.wheel(0, -2_000);
  await page.locator('[data-seq="3000"]').waitFor({ state: "detached" });
  await page.waitForFunction(() => document.querySelector("[aria-pressed]")?.getAttribute("aria-pressed") === "false");
  await follow.click();
  await page.locator('[data-seq="3000"]').waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const text = await (await download).createReadStream().then(async (stream) => {
    let all = "";
    for await (const part of stream) all += String(part);
    return all;
  });
  expect(text.split("\n").filter((line) => line !== "").length).toBeGreaterThanOrEqual(3_000);
});
