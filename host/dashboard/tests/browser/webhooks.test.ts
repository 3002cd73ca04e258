// Webhooks: made with a secret that is shown once, tried, told, and sent once more.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, expect, test } from "vitest";

import { Session, looksRight } from "./browser";

let status = 204;
const got: { headers: IncomingHttpHeaders; body: string }[] = [];

const receiver: Server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += String(part)));
  request.on("end", () => {
    got.push({ headers: request.headers, body });
    response.writeHead(status).end(status === 204 ? undefined : "no room");
  });
});

const settings = ["webhooks.http=true", "webhooks.private_networks=127.0.0.0/8", "webhooks.retries="];
const session = Session.forThisFile(async (host) => {
  await host.add("hello");
  await new Promise<void>((ready) => receiver.listen(0, "127.0.0.1", ready));
}, settings);

afterAll(() => receiver.close());

function address(): string {
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`;
}

test("a webhook is made with a secret that is shown once, tried, told of a job, and sent once more", async () => {
  const { host } = session;
  const page = await session.open("/webhooks");
  await page.getByText("No webhooks").waitFor();
  await page.getByRole("button", { name: "Make a webhook" }).click();
  await page.getByLabel("Address").fill("http://10.0.0.1/");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("alert").getByText("no public address").first().waitFor();
  await page.getByLabel("Address").fill(address());
  await page.getByLabel("Description").fill("the pager");
  await page.getByRole("button", { name: "Make it" }).click();
  expect(await page.locator("[data-secret]").innerText()).toMatch(/^whsec_/);
  await looksRight(page, "webhook-secret");
  await page.getByRole("button", { name: "I have it" }).click();

  await page.getByRole("link", { name: address() }).click();
  await page.getByText("Nothing was told yet").waitFor();
  await page.getByRole("button", { name: "Test" }).click();
  const ping = page.getByRole("row").filter({ hasText: "ping" });
  await ping.getByText("Delivered").waitFor();
  expect(JSON.parse(got[0]?.body ?? "").type).toBe("ping");

  // A receiver that does not take it.
  status = 503;
  const id = await host.startJob("hello");
  const told = page.getByRole("row").filter({ hasText: "job.completed" });
  await told.getByText("Failed", { exact: true }).waitFor();
  await told.getByText("503", { exact: true }).waitFor();
  await page.getByText("Failing").waitFor();
  await looksRight(page, "webhook-told");
  status = 204;
  await told.getByRole("button", { name: "Send job.completed once more" }).click();
  await told.getByText("Delivered").waitFor();
  expect(got[1]?.headers["webhook-id"]).toBe(got[2]?.headers["webhook-id"]);
  expect(JSON.parse(got[2]?.body ?? "").data.id).toBe(id);
  await page.getByRole("radiogroup", { name: "Which deliveries" }).getByText("Failed").click();
  await page.getByText("None is failed").waitFor();

  await page.getByRole("button", { name: "Another secret" }).click();
  await page.getByRole("button", { name: "Make another secret" }).click();
  expect(await page.locator("[data-secret]").innerText()).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "I have it" }).click();

  await page.getByRole("button", { name: "Remove this webhook" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await page.waitForURL(/\/webhooks$/);
  await page.getByText("No webhooks").waitFor();
});
