// Jobs as an operator steers them.
import { expect, test } from "vitest";

import { Session, listens, looksRight, settled, shoot } from "./browser";
import { eventually } from "./host";

const session = Session.forThisFile((host) => host.add("hello", "hostile", "prime-count"));

test("a running job is watched, stopped and resumed, without a reload", async () => {
  const { host } = session;
  const id = await host.startJob("prime-count", { limit: 100_000_000_000 });
  const page = await session.open(`/jobs/${id}`);
  await page.getByText("Running", { exact: true }).waitFor();
  // Lines that were written after the page had opened.
  const seen = (await host.job(id)).last_log_seq as number;
  await page.waitForFunction((last) => [...document.querySelectorAll("[data-seq]")].some((line) => Number(line.getAttribute("data-seq")) > last + 2), seen);
  await page.getByText("· live").waitFor();
  await page.getByLabel(/^Progress: /).waitFor();
  await shoot(page, "job-running");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Stopped", { exact: true }).first().waitFor();
  await host.reaches(id, "stopped");
  await page.getByRole("tab", { name: "Checkpoint" }).click();
  await page.getByText("A resume goes on from here").waitFor();
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await page.getByText("Running", { exact: true }).waitFor();
  await page.getByRole("tab", { name: "Log" }).click();
  // What the attempts said last and first: among all lines, where one begins would soon be out of sight.
  await page.getByLabel("Search the log").fill("after block");
  await page.getByText("Attempt 2", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await host.reaches(id, "stopped");
});

test("a failed job is found among others, with why it failed at the top", async () => {
  const { host } = session;
  for (let at = 0; at < 30; at += 1) await host.startJob("hello", { name: `n${at}` });
  const id = await host.startJob("hostile", { behaviour: "divide_by_zero" });
  await host.reaches(id, "failed");
  const page = await session.open("/");
  await page.getByRole("link", { name: /^Failed/ }).click();
  await page.waitForURL(/status=failed/);
  await page.locator(`[data-job="${id}"]`).getByRole("link", { name: "hostile@0.1.0" }).click();
  await page.getByText("such as a panic or a division by zero").waitFor();
  await page.getByText("Backtrace of the module").click();
  await page.getByText("DivideByZero").first().waitFor();
  await looksRight(page, "job-failed");
});

test("filters stand in the address, and a search finds by id, module and error", async () => {
  const { host } = session;
  const id = await host.startJob("hostile", { behaviour: "fail_permanently" });
  await host.reaches(id, "failed");
  const page = await session.open("/jobs");
  await settled(page);
  await page.getByText("Failed", { exact: true }).first().click();
  await page.waitForURL(/status=failed/);
  await page.getByPlaceholder("Every module").click();
  await page.getByRole("option", { name: "hostile", exact: true }).click();
  await page.waitForURL(/module=hostile/);
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Jobs" }).click();
  await page.keyboard.press("/");
  await page.keyboard.type("failed for good");
  await page.waitForURL(/search=failed\+for\+good/);
  await page.waitForFunction(() => document.querySelectorAll("[data-job]").length === 1);
  const shared = await session.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await shared.locator(`[data-job="${id}"]`).waitFor();
  expect(await shared.locator("[data-job]").count()).toBe(1);
  // However slowly the job's page comes, what was typed does not call the reader back.
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await shared.route(/JobPage/, (route) => released.then(() => route.continue()));
  await shared.clock.install();
  await shared.getByLabel("Search", { exact: true }).fill(id);
  await shared.keyboard.press("Enter");
  await shared.clock.runFor(1000);
  release();
  await shared.waitForURL(`**/jobs/${id}`);
});

test("jobs are found again by their labels, which stand in the address", async () => {
  const { host } = session;
  const { id } = (await host.ask("POST", "/v1/jobs", { module_id: "hello", labels: { team: "billing", stage: "test" } })) as { id: string };
  await host.ask("POST", "/v1/jobs", { module_id: "hello", labels: { team: "billing" } });
  const page = await session.open("/jobs");
  await page.getByRole("combobox", { name: "Labels" }).fill("team=billing");
  await page.keyboard.press("Enter");
  await page.waitForURL(/labels=team%3Dbilling$/);
  // The field has the label: the next one is added to it.
  await page.getByPlaceholder("Labels: team=billing").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.querySelectorAll("[data-job]").length === 2);
  await page.keyboard.type("stage=test");
  await page.keyboard.press("Enter");
  await page.waitForURL(/labels=team%3Dbilling%2Cstage%3Dtest/);
  await page.waitForFunction(() => document.querySelectorAll("[data-job]").length === 1);
  await page.locator(`[data-job="${id}"]`).waitFor();
});

test("rows change where they are, and many jobs are stopped and deleted at once", async () => {
  const { host } = session;
  const page = await session.open("/jobs?module=hostile");
  await settled(page);
  // What happens before that, the list has already: it is not new.
  await listens(page);
  const ids = [];
  for (let at = 0; at < 3; at += 1) ids.push(await host.startJob("hostile", { behaviour: "honour_stop_request" }));
  await page.getByRole("button", { name: /3 new jobs/ }).click();
  for (const id of ids) {
    await page.locator(`[data-job="${id}"] [data-status=running]`).waitFor();
    await page.getByLabel(`Choose job ${id}`).check();
  }
  await page.getByRole("button", { name: "Stop 3" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
  await page.getByText("3 jobs asked to stop").waitFor();
  for (const id of ids) await page.locator(`[data-job="${id}"] [data-status=stopped]`).waitFor();
  for (const id of ids) await page.getByLabel(`Choose job ${id}`).check();
  await page.getByRole("button", { name: "Delete 3" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  for (const id of ids) await page.locator(`[data-job="${id}"]`).waitFor({ state: "detached" });
});

test("two tabs show the same as it happens, over one connection for events", async () => {
  const { host } = session;
  const context = await session.context();
  const streams: string[] = [];
  context.on("request", (request) => request.url().includes("/v1/events") && streams.push(request.url()));
  const one = await session.tab(context, "/");
  // It is the first that listens: the test is about what follows when it goes.
  await one.getByLabel("Live: changes show at once").waitFor();
  const other = await session.tab(context, "/jobs?status=running");
  await listens(other);
  expect(streams.length).toBe(1);
  const id = await host.startJob("hostile", { behaviour: "honour_stop_request" });
  await one.locator(`a[href="/jobs/${id}"]`).first().waitFor();
  await other.getByRole("button", { name: /1 new job/ }).click();
  await other.locator(`[data-job="${id}"] [data-status=running]`).waitFor();
  // The tab that listened goes; the other takes its place.
  await one.close();
  await host.ask("POST", `/v1/jobs/${id}/stop`);
  await other.locator(`[data-job="${id}"] [data-status=stopped]`).waitFor();
  await expect.poll(() => streams.length, { timeout: 30_000 }).toBe(2);
});

test("a failed job shows its last lines, and is started over with other inputs", async () => {
  const { host } = session;
  const failed = await host.startJob("hostile", { behaviour: "panic" });
  await host.reaches(failed, "failed");
  const page = await session.open(`/jobs/${failed}`);
  await page.getByText("The last lines of its log").waitFor();
  await page.getByRole("button", { name: "Resume with changes" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Start over").check();
  await dialog.getByRole("switch", { name: "Other inputs and settings" }).check();
  await dialog.getByLabel("Inputs as JSON").fill('{"behaviour": "count"');
  await dialog.getByRole("button", { name: "Start over", disabled: true }).waitFor();
  await dialog.getByLabel("Inputs as JSON").fill('{"behaviour": "count", "to": 2}');
  await looksRight(page, "job-resume");
  await dialog.getByRole("button", { name: "Start over" }).click();
  await page.getByText("Completed", { exact: true }).first().waitFor();
  expect(await host.job(failed)).toMatchObject({ status: "completed", attempt: 2, inputs: { behaviour: "count", to: 2 } });
});

test("results are taken away as JSON lines and as a table", async () => {
  const { host } = session;
  const id = await host.startJob("hostile", { behaviour: "count", to: 3 });
  await host.reaches(id, "completed");
  const page = await session.open(`/jobs/${id}?tab=results`);
  const taken = async (name: string): Promise<string[]> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name }).click();
    let all = "";
    for await (const part of await (await download).createReadStream()) all += String(part);
    return all.trim().split(/\r?\n/);
  };
  const lines = await taken("JSON lines");
  expect(lines.length).toBe(3);
  const keys = Object.keys(JSON.parse(lines[0] ?? "{}") as object);
  expect(await taken("CSV")).toHaveLength(4);
  expect((await taken("CSV"))[0]).toBe(keys.join(","));
});

test("the overview counts what ended over time, and leads to it", async () => {
  const { host } = session;
  const page = await session.open("/");
  const figure = page.getByRole("figure");
  await figure.locator("path.recharts-rectangle").first().waitFor();
  // One that still ran would be counted later.
  const jobs = await eventually("every job has ended", async () => {
    const { jobs: counts } = (await host.ask("GET", "/v1/status")) as { jobs: Record<string, number> };
    return counts.pending === 0 && counts.running === 0 && counts;
  });
  await figure.getByText(`Completed ${jobs.completed}`).waitFor();
  await figure.getByText(`Failed ${jobs.failed}`).waitFor();
  await page.getByText("7d", { exact: true }).click();
  // Until its own numbers are there, it shows those of the day.
  await page.locator('figure[aria-label="Jobs that ended in the last 7 days"]:not([aria-busy])').waitFor();
  await figure.locator("path.recharts-rectangle").last().hover();
  // One stands below the columns always.
  await page.getByText(/started$/).filter({ visible: true }).nth(1).waitFor();
  await page.reload();
  await page.getByRole("figure", { name: "Jobs that ended in the last 7 days" }).waitFor();
  await page.getByRole("link", { name: /Longest wait/ }).click();
  await page.waitForURL(/status=pending/);
});
