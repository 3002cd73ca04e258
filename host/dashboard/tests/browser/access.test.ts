// Tokens, and connections that are lost.
import { expect, test } from "vitest";

import { Session, settled, shoot } from "./browser";

const session = Session.forThisFile((host) => host.add("hello", "hostile"));

test("a connection that is lost is said, and comes back by itself with what happened meanwhile", async () => {
  const { host } = session;
  const page = await session.open("/jobs");
  await page.getByLabel("Live: changes show at once").waitFor();
  await host.kill();
  await page.getByText("The connection to the host is lost").waitFor();
  await shoot(page, "connection-lost");
  await host.up();
  const id = await host.startJob("hello");
  await page.getByText("The connection to the host is lost").waitFor({ state: "detached" });
  await page.locator(`[data-job="${id}"]`).waitFor();
});

test("from the first token on the page asks for one, keeps it in its tab alone, and streams with tickets", async () => {
  const { host } = session;
  const admin = await session.open("/tokens");
  await admin.getByRole("button", { name: "Make a token" }).click();
  await admin.getByLabel("Name").fill("ada");
  await admin.getByRole("button", { name: "Make it" }).click();
  const secret = await admin.locator("[data-secret]").innerText();
  expect(secret).toMatch(/^cofferdam_/);
  host.token = secret;
  await admin.getByRole("button", { name: "I have it" }).click();
  await admin.getByRole("cell", { name: "ada", exact: true }).waitFor();

  const context = await session.context();
  const asked: string[] = [];
  context.on("request", (request) => asked.push(request.url()));
  const page = await session.tab(context, "/jobs?status=completed");
  await page.waitForURL(/\/login\?next=/);
  await page.getByRole("textbox", { name: "Token" }).fill("cofferdam_nothing");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator(".mantine-PasswordInput-error").waitFor();
  expect(page.url()).toContain("/login");
  await shoot(page, "login");
  await page.getByRole("textbox", { name: "Token" }).fill(secret);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(/\/jobs\?status=completed$/);
  await page.getByLabel("Live: changes show at once").waitFor();
  const id = await host.startJob("hostile", { behaviour: "flood_log", lines: 5 });
  await page.goto(`/jobs/${id}`);
  await page.locator('[data-seq="5"]').waitFor();
  expect(asked.some((url) => url.includes("ticket="))).toBe(true);
  expect(asked.filter((url) => url.includes(secret))).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify(localStorage) + document.cookie)).not.toContain("cofferdam_");

  const other = await session.tab(context, "/");
  await other.waitForURL(/\/login/);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(/\/login/);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("what a token does not allow is not offered, or says which scope is missing", async () => {
  const { host } = session;
  const running = await host.startJob("hostile", { behaviour: "honour_stop_request" });
  await host.reaches(running, "running");
  const made = (await host.ask("POST", "/v1/tokens", { name: "reader", scopes: ["jobs:read"] })) as { secret: string };
  const page = await session.open("/login");
  await page.getByRole("textbox", { name: "Token" }).fill(made.secret);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  const side = page.getByRole("navigation", { name: "Pages" });
  const offered = await side.getByRole("link").allInnerTexts();
  for (const place of ["Overview", "Jobs", "Nodes", "Settings"]) expect(offered).toContain(place);
  for (const place of ["Modules", "Webhooks", "Secrets", "Tokens", "Audit"]) expect(offered).not.toContain(place);
  await page.goto(`/jobs/${running}`);
  // What the token allows may be known later than the job.
  const stop = page.getByRole("button", { name: "Stop" }).and(page.locator('[aria-disabled="true"]'));
  await stop.waitFor();
  await stop.hover();
  await page.getByText("Your token does not have the scope jobs:stop").waitFor();
  await stop.click({ force: true });
  await page.getByText("Your token does not show logs").waitFor();
  await shoot(page, "job-reader");
  expect((await host.job(running)).status).toBe("running");
  await page.goto("/secrets");
  await page.getByRole("alert").getByText("`admin`").waitFor();
  await page.goto("/settings");
  await page.getByText("which may jobs:read").waitFor();
  await page.getByText("Your token does not show the host's settings").waitFor();
  await settled(page);
});

test("a token goes to the first page that it is for", async () => {
  const { host } = session;
  const made = (await host.ask("POST", "/v1/tokens", { name: "uploader", scopes: ["modules:read"] })) as { secret: string };
  const page = await session.open("/login");
  await page.getByRole("textbox", { name: "Token" }).fill(made.secret);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(/\/modules$/);
  await page.getByRole("article", { name: "hello" }).waitFor();
  await page.getByRole("button", { name: "Add a module" }).and(page.locator('[aria-disabled="true"]')).waitFor();
  expect(await page.getByText("The connection to the host is lost").count()).toBe(0);
});
