// Every page, opened by its address: light and dark, wide and on a phone, by eye (screenshots) and by axe.
import { test } from "vitest";

import { Session, looksRight, settled } from "./browser";

let jobs: Record<string, string> = {};
let webhook = "";

const session = Session.forThisFile(async (host) => {
  await host.add("hello", "hostile", "csv-profile", "prime-count");
  const table = "species,mass\nAdelie,3750\nGentoo,5000\nChinstrap,3800\n";
  const [profile, failed, running] = await Promise.all([
    host.startJob("csv-profile", { csv: table }),
    host.startJob("hostile", { behaviour: "panic" }),
    host.startJob("hostile", { behaviour: "honour_stop_request" }),
  ]);
  await host.startJob("hello", { name: "Ada" });
  await host.ask("PUT", "/v1/secrets/api-key", { value: "not to be seen", hosts: ["api.example.com"] });
  const made = await host.ask("POST", "/v1/webhooks", { webhook: { url: "https://hooks.example.com/cofferdam", description: "the pager", ends: ["failed"] } });
  webhook = (made as { webhook: { id: string } }).webhook.id;
  await host.ask("POST", "/v1/schedules", { name: "nightly", cron: "30 2 * * *", time_zone: "Europe/Berlin", job: { module_id: "hello" } });
  await host.ask("POST", "/v1/schedules/nightly/run");
  jobs = { profile, failed, running };
  await host.reaches(profile, "completed");
  await host.reaches(failed, "failed");
  await host.reaches(running, "running");
});

/** Where each page is, by the name of its screenshots. */
const PAGES: [string, () => string][] = [
  ["overview", () => "/"],
  ["jobs", () => "/jobs"],
  ["job-log", () => `/jobs/${jobs.profile}`],
  ["job-results", () => `/jobs/${jobs.profile}?tab=results`],
  ["job-checkpoint", () => `/jobs/${jobs.profile}?tab=checkpoint`],
  ["job-timeline", () => `/jobs/${jobs.profile}?tab=timeline`],
  ["job-usage", () => `/jobs/${jobs.profile}?tab=usage`],
  ["job-inputs", () => `/jobs/${jobs.profile}?tab=inputs`],
  ["job-error", () => `/jobs/${jobs.failed}`],
  ["modules", () => "/modules"],
  ["modules-add", () => "/modules?add"],
  ["module", () => "/modules/csv-profile@0.1.0"],
  ["module-grants", () => "/modules/csv-profile@0.1.0?tab=grants"],
  ["module-schemas", () => "/modules/csv-profile@0.1.0?tab=schemas"],
  ["module-versions", () => "/modules/csv-profile@0.1.0?tab=versions"],
  ["start", () => "/modules/csv-profile@0.1.0/start"],
  ["nodes", () => "/nodes"],
  ["webhooks", () => "/webhooks"],
  ["webhook", () => `/webhooks/${webhook}`],
  ["schedules", () => "/schedules"],
  ["schedule", () => "/schedules?schedule=nightly"],
  ["secrets", () => "/secrets"],
  ["tokens", () => "/tokens"],
  ["audit", () => "/audit"],
  ["settings", () => "/settings"],
  ["login-page", () => "/login"],
];

test.each(PAGES)("%s: axe finds nothing in light and dark, and a phone is wide enough", async (name, path) => {
  const page = await session.lastingTab();
  await page.goto(path());
  await looksRight(page, name);
});

test("the palette and the keyboard lead to every page", async () => {
  const page = await session.open("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.getByText("Start prime-count@0.1.0").waitFor();
  await page.getByPlaceholder("A page, a module, or a job's id").fill("prime");
  // What Enter takes: nothing is chosen where the modules come after what was typed.
  await page.locator("[data-action][data-selected]").filter({ hasText: "Start prime-count@0.1.0" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/modules\/prime-count.*\/start$/);
  await page.getByPlaceholder("A page, a module, or a job's id").waitFor({ state: "detached" });
  for (const [key, path] of [["j", "/jobs"], ["m", "/modules"], ["n", "/nodes"], ["c", "/schedules"], ["t", "/tokens"], ["w", "/webhooks"], ["a", "/audit"], ["o", "/"]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(`**${path}`);
  }
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Go to Jobs").waitFor();
});

test("an address that leads nowhere and a job that is not there are said", async () => {
  const page = await session.open("/jobs/01890a5d-ac96-774b-bcce-b302099a8057");
  await page.getByRole("alert").getByText("There is no such job").waitFor();
  const asked = page.waitForResponse(/\/v1\/jobs\/01890a5d/);
  await page.getByRole("button", { name: "Try again" }).click();
  await asked;
  await page.getByRole("alert").getByText("There is no such job").waitFor();
});
