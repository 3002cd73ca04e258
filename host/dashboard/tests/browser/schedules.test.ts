// A schedule, from the form to the job that it starts.
import { expect, test } from "vitest";

import { Session, settled, shoot } from "./browser";

const session = Session.forThisFile(async (host) => host.add("hello"));

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
  await shoot(page, "schedule-form");
  await form.getByRole("button", { name: "Make it" }).click();
  const row = page.getByRole("row", { name: /nightly/ });
  await row.getByText("30 2 * * *").waitFor();
  expect(await session.host.ask("GET", "/v1/schedules/nightly")).toMatchObject({ time_zone: "Europe/Berlin", overlap: "skip", job: { inputs: { name: "Ada" } } });

  await row.getByRole("button", { name: "Run nightly now" }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  await page.getByText("Completed").waitFor();
  await page.getByRole("link", { name: "nightly" }).click();
  await settled(page);
  await row.getByText("started").waitFor();
  await row.getByRole("button", { name: "Pause nightly" }).click();
  await row.getByText("paused").waitFor();
  await row.getByRole("button", { name: "Resume nightly" }).click();
  await row.getByRole("button", { name: "Pause nightly" }).waitFor();
  await shoot(page, "schedules");
  await row.getByRole("button", { name: "Remove the schedule nightly" }).click();
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
