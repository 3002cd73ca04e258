// A schedule, from the form to the jobs that it starts and to what became of each.
import { expect, test } from "vitest";

import { Session, looksRight, shoot } from "./browser";
import { eventually } from "./host";

const session = Session.forThisFile(async (host) => host.add("hello", "hostile", "prime-count"));

interface Run {
  outcome: string;
  job_id: string | null;
  scheduled_for: string;
  missed_until: string | null;
}

async function runsOf(name: string): Promise<Run[]> {
  return ((await session.host.ask("GET", `/v1/schedules/${name}/runs`)) as { runs: Run[] }).runs;
}

/** Waits until an occurrence after some time came to this, and gives the newest one that did. */
function comesTo(name: string, outcome: string, after = 0): Promise<Run> {
  const isIt = (run: Run): boolean => run.outcome === outcome && Date.parse(run.missed_until ?? run.scheduled_for) > after;
  return eventually(`${name} has ${outcome}`, async () => (await runsOf(name)).find(isIt));
}

test("a schedule is made by its form, shows its next times, runs, pauses and goes", async () => {
  const page = await session.open("/schedules");
  await page.getByText("No schedules").waitFor();
  await page.getByRole("button", { name: "Make a schedule" }).first().click();
  const form = page.getByRole("form", { name: "Make a schedule" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("nightly");
  await form.getByRole("textbox", { name: "name", exact: true }).last().fill("Ada");
  await form.getByLabel("When").fill("30 2 * *");
  await form.getByRole("status").getByText("is no cron pattern").waitFor();
  await form.getByLabel("When").fill("30 2 * * *");
  await form.getByLabel("Time zone").fill("Europe/Berlin");
  await form.getByRole("status").getByText(/·/).waitFor();
  await looksRight(page, "schedule-form");
  await form.getByRole("button", { name: "Make it" }).click();
  const row = page.getByRole("row", { name: /nightly/ });
  await row.getByText("30 2 * * *").waitFor();
  expect(await session.host.ask("GET", "/v1/schedules/nightly")).toMatchObject({ time_zone: "Europe/Berlin", overlap: "skip", job: { inputs: { name: "Ada" } } });

  await row.getByRole("button", { name: "Run nightly now" }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  await page.getByText("Completed").waitFor();
  await page.getByRole("link", { name: "nightly" }).click();
  await page.getByRole("heading", { name: "nightly" }).waitFor();
  await page.getByRole("row").filter({ hasText: "by hand" }).getByText("Completed").waitFor();
  await page.getByRole("link", { name: "in the list" }).click();
  await page.getByText("Started by the schedule nightly").waitFor();
  await page.locator("[data-job]").first().waitFor();
  expect(await page.locator("[data-job]").count()).toBe(1);
  await page.getByRole("link", { name: "Schedules" }).first().click();
  await row.getByText("Started").waitFor();
  await row.getByRole("button", { name: "Pause nightly" }).click();
  await row.getByText("paused").waitFor();
  await row.getByRole("button", { name: "Resume nightly" }).click();
  await row.getByRole("button", { name: "Pause nightly" }).waitFor();
  await looksRight(page, "schedules-one");
  await row.getByRole("link", { name: "nightly" }).click();
  await page.getByRole("button", { name: "Remove the schedule nightly" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("No schedules").waitFor();
});

test("what the host refuses is said in its words, in the form", async () => {
  const page = await session.open("/schedules");
  await page.getByRole("button", { name: "Make a schedule" }).first().click();
  const form = page.getByRole("form", { name: "Make a schedule" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("Not A Name");
  await form.getByLabel("When").fill("@daily");
  await form.getByRole("button", { name: "Make it" }).click();
  await form.getByRole("alert").getByText("is no name of a schedule").first().waitFor();
});

const WEEKLY = {
  name: "weekly",
  cron: "0 6 * * MON",
  time_zone: "Europe/Berlin",
  jitter: "30s",
  overlap: "allow",
  catch_up: { policy: "all", limit: 7, max_age: "2h" },
  late_after: "5m",
  paused: false,
  job: {
    module_id: "hello@0.1.0", inputs: { name: "Ada" }, settings: { greeting: "Good morning" }, max_duration: "90s", stop_grace: "7s",
    retry: { max_attempts: 3, backoff: "20s" }, priority: 5, labels: { team: "billing" },
    queue: { key: "mail", concurrency: 2 }, unique: { key: "weekly-mail" },
  },
};

test("a schedule is changed by the form that made it, filled with what it is; all else stays", async () => {
  const { host } = session;
  const made = (await host.ask("POST", "/v1/schedules", WEEKLY)) as Record<string, unknown>;
  const page = await session.open("/schedules?schedule=weekly");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const form = page.getByRole("form", { name: "Change the schedule" });
  expect(await form.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe("weekly");
  expect(await form.getByLabel("Module").inputValue()).toBe("hello@0.1.0");
  expect(await form.getByRole("textbox", { name: "name", exact: true }).last().inputValue()).toBe("Ada");
  expect(await form.getByLabel("Longest run time").inputValue()).toBe("1m 30s");
  expect(await form.getByLabel("Of each, at most").inputValue()).toBe("7");
  await looksRight(page, "schedule-change");
  await form.getByRole("textbox", { name: "name", exact: true }).last().fill("Grace");
  await form.getByLabel("When").fill("0 7 * * MON");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("weekly-mail");
  await form.getByLabel("While the last one runs").selectOption("queue");
  await form.getByRole("button", { name: "Save" }).click();
  // It has a queue, and the schedule would need one of its own.
  await form.getByRole("alert").getByText("job/queue").first().waitFor();
  await form.getByRole("button", { name: "Leave out: queue mail, 2 jobs at once" }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("weekly-mail is changed.").waitFor();
  await page.getByRole("heading", { name: "weekly-mail" }).waitFor();
  const changed = (await host.ask("GET", "/v1/schedules/weekly-mail")) as Record<string, unknown>;
  const { updated_at: _, next_run_at: __, ...kept } = made;
  expect(changed).toMatchObject({ ...kept, name: "weekly-mail", cron: "0 7 * * MON", overlap: "queue", job: { ...(made.job as object), inputs: { name: "Grace" }, queue: null } });
});

test("a schedule whose numbers a browser would change is not saved by one", async () => {
  const { host } = session;
  // Written by hand: JavaScript would round it here, too.
  const body = '{"name": "large", "cron": "0 6 * * MON", "job": {"module_id": "hostile", "inputs": {"behaviour": "count", "to": 9007199254740993}}}';
  const made = await fetch(`${host.url}/v1/schedules`, { method: "POST", headers: { "content-type": "application/json" }, body });
  expect(made.status).toBe(201);
  const page = await session.open("/schedules?schedule=large");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const form = page.getByRole("form", { name: "Change the schedule" });
  await form.getByRole("alert").getByText("which a browser would change").waitFor();
  expect(await form.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
});

test("a schedule that somebody else has changed meanwhile is not overwritten", async () => {
  const { host } = session;
  await host.ask("POST", "/v1/schedules", { ...WEEKLY, name: "shared" });
  const page = await session.open("/schedules?schedule=shared");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const form = page.getByRole("form", { name: "Change the schedule" });
  await form.getByLabel("When").fill("0 8 * * MON");
  await host.ask("POST", "/v1/schedules/shared/pause");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("alert").getByText("Somebody else has changed this schedule").waitFor();
  expect(await host.ask("GET", "/v1/schedules/shared")).toMatchObject({ paused: true, cron: WEEKLY.cron });
});

test("another schedule is made from one that there is, its inputs as JSON", async () => {
  const { host } = session;
  const first = (await host.ask("POST", "/v1/schedules", { ...WEEKLY, name: "original" })) as { job: object };
  const page = await session.open("/schedules?schedule=original");
  await page.getByRole("button", { name: "Duplicate" }).click();
  const form = page.getByRole("form", { name: "Make a schedule" });
  expect(await form.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe("original-copy");
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("second");
  await form.getByRole("radiogroup", { name: "Form" }).getByText("JSON").click();
  await form.getByLabel("Inputs as JSON").fill('{"name": ');
  await form.getByRole("button", { name: "Make it", disabled: true }).waitFor();
  await form.getByLabel("Inputs as JSON").fill('{"name": "Joan"}');
  await form.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: "second" }).waitFor();
  expect(await host.ask("GET", "/v1/schedules/second")).toMatchObject({ cron: WEEKLY.cron, job: { ...first.job, inputs: { name: "Joan" } } });
  expect(await host.ask("GET", "/v1/schedules/original")).toMatchObject({ job: first.job });
});

test("each occurrence shows what became of it: its job as it stands, and why there is none", async () => {
  const { host } = session;
  const every = { cron: "* * * * * *", late_after: "1s", catch_up: { policy: "none" } };
  await host.ask("POST", "/v1/schedules", { ...every, name: "watch", job: { module_id: "hostile", inputs: { behaviour: "honour_stop_request" } } });
  const page = await session.open("/schedules?schedule=watch");
  const started = await comesTo("watch", "started");
  const id = started.job_id ?? "";
  const row = page.getByRole("row").filter({ hasText: id.slice(-12) });
  await row.filter({ hasText: "Started" }).getByText("Running").waitFor();
  await comesTo("watch", "skipped");
  await row.filter({ hasText: "This one had not ended:" }).first().getByText("Running").waitFor();

  // What comes while no host is there.
  const down = Date.now();
  await host.kill();
  await eventually("an occurrence is long past", async () => Date.now() > down + 3_500);
  await host.up();
  // On a busy machine a host may have been late before.
  await comesTo("watch", "missed", down);
  await page.getByRole("row").filter({ hasText: "No host was there in time" }).first().getByText("Missed").waitFor();
  await host.ask("POST", "/v1/schedules/watch/pause");

  // Its status as it changes, while the page is open.
  await host.reaches(id, "running");
  await row.filter({ hasText: "Started" }).getByText("Running").waitFor();
  await host.ask("POST", `/v1/jobs/${id}/stop`);
  await row.filter({ hasText: "Started" }).getByText("Stopped").waitFor();
  await looksRight(page, "schedule");
  await host.ask("DELETE", `/v1/jobs/${id}`);
  await page.getByRole("row").filter({ hasText: "Started" }).getByText("a job that is deleted").waitFor();
  await shoot(page, "schedule-deleted");
});

test("an occurrence that is refused says why", async () => {
  const { host } = session;
  await host.ask("POST", "/v1/schedules", { name: "gone", cron: "* * * * * *", paused: true, job: { module_id: "prime-count", inputs: { limit: 10 } } });
  await host.ask("DELETE", "/v1/modules/prime-count@0.1.0");
  const page = await session.open("/schedules?schedule=gone");
  await page.getByText("None has come yet").waitFor();
  await page.getByRole("button", { name: "Resume gone" }).click();
  await page.getByRole("row").filter({ hasText: "Refused" }).first().getByText("prime-count").waitFor();
  await page.getByRole("button", { name: "Pause gone" }).click();
  await page.getByRole("button", { name: "Resume gone" }).waitFor();
  // The module is gone, and with it the form; what was given stays, as JSON.
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const form = page.getByRole("form", { name: "Change the schedule" });
  expect(JSON.parse(await form.getByLabel("Inputs as JSON").inputValue())).toEqual({ limit: 10 });
});
