// From a file to a job's result, as somebody does who sees the host for the first time.
import { expect, test } from "vitest";

import { Session, looksRight, settled, shoot } from "./browser";
import { modulePath, otherVersion } from "./host";

const session = Session.forThisFile();

test("a module is dropped, looked at, added, and started by its form", async () => {
  const page = await session.open("/modules");
  await page.getByText("No modules yet").waitFor();
  await page.locator("input[type=file]").setInputFiles([modulePath("hello"), modulePath("csv-profile")]);
  const other = page.getByRole("region", { name: "csv-profile.wasm" });
  await other.getByRole("button", { name: "Add csv-profile@0.1.0" }).waitFor();
  await page.getByText("It has none until you give them").first().waitFor();
  // There is something to decide: the page is not empty.
  expect(await page.getByText("No modules yet").count()).toBe(0);
  expect(await session.host.ask("GET", "/v1/modules")).toMatchObject({ modules: [] });
  await looksRight(page, "upload-report");
  await page.getByRole("button", { name: "Add hello@0.1.0" }).click();
  await page.getByRole("article", { name: "hello" }).waitFor();
  // The other one still waits for an answer.
  await other.getByRole("button", { name: "Leave" }).click();
  await other.waitFor({ state: "detached" });
  await page.getByRole("article", { name: "hello" }).getByRole("link", { name: "Start job" }).click();

  await page.getByRole("textbox", { name: "name", exact: true }).fill("Ada");
  await page.getByText(`cofferdam job start hello@0.1.0 --inputs '{"name":"Ada"}'`).waitFor();
  await shoot(page, "start-form");
  await page.getByRole("button", { name: "Start job" }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  await page.getByText("Completed").waitFor();
  await page.getByRole("log").getByText("Ada").first().waitFor();
  await page.getByRole("tab", { name: "Results" }).click();
  // The log, which goes when the results come, says the same.
  await page.getByRole("tabpanel", { name: "Results" }).getByText("Hello, Ada").first().waitFor();
  await page.getByRole("tab", { name: "Inputs" }).click();
  await page.getByRole("link", { name: "Run again with changes" }).click();
  expect(await page.getByRole("textbox", { name: "name", exact: true }).inputValue()).toBe("Ada");
});

test("what does not fit is said at its field, and the host has the last word", async () => {
  await session.host.add("prime-count");
  const page = await session.open("/modules/prime-count@0.1.0/start");
  await page.getByRole("button", { name: "Start job" }).click();
  await page.getByRole("alert").getByText("limit").first().waitFor();
  await page.getByText("JSON", { exact: true }).click();
  await page.getByLabel("Inputs as JSON").fill('{"limit": -1}');
  await page.getByRole("button", { name: "Start job" }).click();
  await page.getByRole("alert").getByText("/inputs/limit").first().waitFor();
  await page.getByLabel("Inputs as JSON").fill('{"limit": ');
  await page.getByRole("button", { name: "Start job", disabled: true }).waitFor();
  await page.getByLabel("Inputs as JSON").fill('{"limit": 9007199254740993}');
  await page.getByRole("alert").getByText("which a browser would change").waitFor();
  await page.getByRole("button", { name: "Start job", disabled: true }).waitFor();
  await page.getByLabel("Inputs as JSON").fill('{"limit": 1000}');
  await page.getByRole("button", { name: "Start job" }).click();
  await page.getByText("Completed").waitFor();
});

test("what is no module is refused with the host's own reason, and nothing is added", async () => {
  const page = await session.open("/modules?add");
  await page.locator("input[type=file]").setInputFiles({ name: "text.wasm", mimeType: "application/wasm", buffer: Buffer.from("no module at all") });
  await page.getByRole("alert").getByText("Not WebAssembly", { exact: true }).waitFor();
  expect(await page.getByRole("button", { name: /^Add text/ }).count()).toBe(0);
});

test("grants are given, and one beyond the ceiling is refused with what the ceiling is", async () => {
  const page = await session.open("/modules/hello@0.1.0?tab=grants");
  await settled(page);
  const add = (section: string) => page.getByText(section, { exact: true }).locator("..").getByRole("button", { name: "Add" });
  await add("Variables").click();
  await page.getByLabel("Variables, row 1: name").fill("MODE");
  await page.getByLabel("Variables, row 1: value").fill("fast");
  await page.getByRole("button", { name: "Save grants" }).click();
  await page.getByText("may do what you see").waitFor();
  expect(await session.host.ask("GET", "/v1/modules/hello@0.1.0/grants")).toMatchObject({ env: { MODE: "fast" } });
  await add("Folders").click();
  await page.getByLabel("Folders, row 1: on the host").fill("/etc");
  await page.getByLabel("Folders, row 1: in the module").fill("/etc");
  await page.getByRole("button", { name: "Save grants" }).click();
  await page.getByRole("alert").getByText("grants.dirs").first().waitFor();
});

test("versions are told apart, and one rolls back to an earlier one", async () => {
  const { host } = session;
  const next = otherVersion("hello", "0.1.0", "0.2.0");
  await host.addBytes(next);
  const page = await session.open("/modules/hello@0.1.0?tab=versions");
  await page.getByRole("link", { name: "0.2.0" }).waitFor();
  await page.getByRole("row", { name: /^0\.2\.0/ }).getByRole("button", { name: "What changed" }).click();
  await page.getByText("Other than in hello@0.1.0").waitFor();
  await shoot(page, "module-versions-two");
  await page.getByRole("row", { name: /^0\.1\.0/ }).getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByText("0.2.0 is removed").waitFor();
  await page.getByRole("button", { name: "Roll back to 0.1.0" }).click();
  await page.getByText("hello now means hello@0.1.0").waitFor();
  await page.getByRole("link", { name: "0.2.0" }).waitFor({ state: "detached" });
  expect(await host.ask("GET", "/v1/modules/hello")).toMatchObject({ version: "0.1.0" });
});
