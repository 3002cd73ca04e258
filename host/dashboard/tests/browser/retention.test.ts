// What retention keeps and takes, told where somebody looks for it.
import { expect, test } from "vitest";

import { Session, looksRight, settled, shoot } from "./browser";
import { eventually } from "./host";

const SETTINGS = ["retention.logs=1s", "retention.checkpoints=1s", "retention.look=1s", "retention.modules=hello completed=7d logs=none jobs=100,prime-count failed=none"];
const session = Session.forThisFile((host) => host.add("hello", "hostile"), SETTINGS);

interface Removed {
  logs_to: number;
  checkpoint_at: string | null;
}

async function removedOf(id: string): Promise<Removed> {
  return (await session.host.job(id)).removed as Removed;
}

/** A job that was stopped behind its first checkpoint. */
async function stopped(): Promise<string> {
  const { host } = session;
  const id = await host.startJob("hostile", { behaviour: "count", to: 10_000, pause_ms: 10 });
  await eventually("a checkpoint", async () => (await host.job(id)).checkpoint_saved_at);
  await host.ask("POST", `/v1/jobs/${id}/stop`);
  await host.reaches(id, "stopped");
  return id;
}

test("a job whose log and checkpoint went says so with the time, and is only started over", async () => {
  const { host } = session;
  const id = await stopped();
  await eventually("log and checkpoint are gone", async () => {
    const { logs_to, checkpoint_at } = await removedOf(id);
    return logs_to > 0 && checkpoint_at !== null;
  });
  const page = await session.open(`/jobs/${id}`);
  await page.getByRole("tab", { name: "Log removed" }).waitFor();
  await page.getByText("The log was removed").waitFor();
  await page.getByText(/retention removed them/).locator("time").waitFor();
  await page.getByText("Its checkpoint was removed since; it can be started over.").waitFor();
  await looksRight(page, "job-removed");
  await page.getByRole("tab", { name: "Checkpoint removed" }).click();
  await page.getByText("The checkpoint was removed").waitFor();
  await page.getByText(/Retention removed it/).locator("time").waitFor();
  await looksRight(page, "job-checkpoint-removed");
  expect(await page.getByRole("button", { name: "Resume", exact: true }).count()).toBe(0);
  await page.getByRole("button", { name: "Resume with changes" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Retention has removed it.").waitFor();
  expect(await dialog.getByLabel("Its last checkpoint").isDisabled()).toBe(true);
  await dialog.getByRole("switch", { name: "Other inputs and settings" }).check();
  await dialog.getByLabel("Inputs as JSON").fill('{"behaviour": "count", "to": 2}');
  // Kept, or what it saves would go again a second after its end.
  await host.ask("PUT", `/v1/jobs/${id}/keep`, { keep: true });
  await dialog.getByRole("button", { name: "Start over" }).click();
  await host.reaches(id, "completed");
  await page.getByRole("tab", { name: "Checkpoint", exact: true }).waitFor();
});

test("a job is kept, and kept no longer; what went before is a gap in its log, also where it is downloaded", async () => {
  const { host } = session;
  const id = await stopped();
  const gone = await eventually("its log is gone", async () => (await removedOf(id)).logs_to || null);
  const page = await session.open(`/jobs/${id}`);
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByText("Kept", { exact: true }).waitFor();
  expect(await host.job(id)).toMatchObject({ keep: true });
  await host.ask("POST", `/v1/jobs/${id}/resume`, { checkpoint: null, inputs: { behaviour: "count", to: 3 } });
  await host.reaches(id, "completed");
  await page.reload();
  const lines = new RegExp(`^Lines 1 to ${gone.toLocaleString("en-GB")} removed by retention on`);
  await page.getByRole("note").getByText(lines).locator("time").waitFor();
  await page.locator("[data-gap]").getByText(`Lines 1 to ${gone.toLocaleString("en-GB")} gone: retention`).waitFor();
  const left = ((await host.job(id)).last_log_seq as number) - gone;
  await page.getByText(new RegExp(`^${left} lines?$`)).waitFor();
  await looksRight(page, "job-gap");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  let text = "";
  for await (const part of await (await download).createReadStream()) text += String(part);
  expect(text.split("\n")[0]).toBe(`(lines 1 to ${gone.toLocaleString("en-GB")} gone: retention)`);
  await page.getByRole("button", { name: "Keep no longer" }).click();
  await page.getByText("Kept", { exact: true }).waitFor({ state: "detached" });
  expect(await host.job(id)).toMatchObject({ keep: false });
  await eventually("the rest goes, too", async () => (await removedOf(id)).logs_to === gone + left);
});

test("results that are on their way out are said to be", async () => {
  const { host } = session;
  const id = await host.startJob("hello");
  const job = await host.reaches(id, "completed");
  const page = await session.open("/");
  // A large job is like this for a moment alone.
  await page.route(`**/v1/jobs/${id}`, (route) => route.fulfill({ json: { ...job, removed: { ...(job.removed as object), results_to: 1200, results_at: "2026-01-31T12:00:00Z" } } }));
  await page.goto(`/jobs/${id}?tab=results`);
  const note = page.getByRole("note").getByText(/^Results 1 to 1,200 removed by retention on/);
  expect(await note.locator("time").getAttribute("datetime")).toBe("2026-01-31T12:00:00Z");
});

test("the settings say what is kept of which module, how much there is, and what went when", async () => {
  const { host } = session;
  await eventually("the database was added up", async () => ((await host.ask("GET", "/v1/retention")) as { database: { used_bytes: number | null } }).database.used_bytes);
  const page = await session.open("/settings");
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  const cells = async (name: string) => (await row(name).first().getByRole("cell").allInnerTexts()).map((text) => text.trim());
  await row("every module").waitFor();
  expect(await cells("every module")).toEqual(["every module", "30 days", "90 days", "90 days", "1s", "1s", "any number"]);
  expect(await cells("hello")).toEqual(["hello", "7 days", "90 days", "90 days", "with the job", "1s", "100"]);
  expect(await cells("prime-count")).toEqual(["prime-count", "30 days", "for good", "90 days", "1s", "1s", "any number"]);
  expect(Number(await page.getByRole("progressbar", { name: "Database" }).getAttribute("aria-valuenow"))).toBeGreaterThanOrEqual(0);
  await page.getByText(/of 1,000,000$/).waitFor();
  await page.getByText("older than the rules keep it").waitFor();
  await settled(page);
  await looksRight(page, "settings-retention");
});

test("a token for some modules is told that retention is of all of them", async () => {
  const { host } = session;
  const make = async (body: object) => ((await host.ask("POST", "/v1/tokens", body)) as { secret: string }).secret;
  host.token = await make({ name: "root", scopes: ["admin"] });
  const secret = await make({ name: "reader", scopes: ["jobs:read"], modules: ["hello"] });
  const page = await session.open("/login");
  await page.getByRole("textbox", { name: "Token" }).fill(secret);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.goto("/settings");
  await page.getByText("Your token is for some modules").waitFor();
  const job = await host.startJob("hello");
  await page.goto(`/jobs/${job}`);
  // What the token allows may be known later than the job.
  await page.getByRole("button", { name: "Keep", exact: true }).and(page.locator('[aria-disabled="true"]')).waitFor();
  await shoot(page, "job-keep-not-allowed");
});
