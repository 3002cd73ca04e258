// A headless Chromium, pages that must not complain, screenshots for people to look at.
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

import { Host, PATIENCE_MS } from "./host";

const SCREENSHOTS = process.env.COFFERDAM_SCREENSHOTS ?? resolve(import.meta.dirname, "../../../../target/dashboard/screenshots");
const USUAL = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

type Scheme = "light" | "dark";

/** A refusal is an answer: the browser notes it, the page shows it. */
const EXPECTED = /Failed to load resource|WebSocket connection to|ERR_CONNECTION_REFUSED|net::ERR/;

export class Session {
  browser!: Browser;
  host!: Host;
  #complaints: string[] = [];
  #contexts: BrowserContext[] = [];
  #tab: Page | undefined;

  /** For the tests of one file: a host, a browser, and no complaint left over. */
  static forThisFile(prepare: (host: Host) => Promise<void> = async () => undefined, settings: string[] = []): Session {
    const session = new Session();
    beforeAll(async () => {
      const executablePath = process.env.COFFERDAM_CHROMIUM ?? USUAL.find((path) => existsSync(path));
      // Chromium's own sandbox does not work for root; the pages are ours.
      session.browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), chromiumSandbox: false });
      session.host = await Host.start(settings);
      await prepare(session.host);
    });
    afterEach(async () => {
      for (const context of session.#contexts.splice(0)) await context.close();
      expect(session.#complaints.splice(0)).toEqual([]);
    });
    afterAll(async () => {
      await session.browser?.close();
      await session.host?.end();
    });
    return session;
  }

  async context(scheme: Scheme = "light", width = 1360, height = 860, lasting = false): Promise<BrowserContext> {
    const context = await this.browser.newContext({ baseURL: this.host.url, colorScheme: scheme, viewport: { width, height }, permissions: ["clipboard-read", "clipboard-write"] });
    context.setDefaultTimeout(PATIENCE_MS);
    if (!lasting) this.#contexts.push(context);
    return context;
  }

  async tab(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !EXPECTED.test(message.text())) this.#complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.#complaints.push(error.message));
    await page.goto(path);
    return page;
  }

  /** A tab for all tests of this file, which need not load everything anew. */
  async lastingTab(): Promise<Page> {
    this.#tab ??= await this.tab(await this.context("light", 1360, 860, true), "/");
    return this.#tab;
  }

  async open(path: string, scheme: Scheme = "light", width = 1360, height = 860): Promise<Page> {
    return this.tab(await this.context(scheme, width, height), path);
  }
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled" });
}

/** Everything has come that the page waits for. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true], [data-loading]") === null);
}

/** The page with a list of jobs hears of all that happens from now on: with the connection the list was asked for once more. */
export async function listens(page: Page): Promise<void> {
  await page.getByLabel("Live: changes show at once").waitFor();
  await page.waitForFunction(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/v1/jobs?")).length >= 2);
}

/** What axe finds wrong, in words; only contrast is another one in the dark. */
export async function violations(page: Page, scheme: Scheme): Promise<string[]> {
  // Colours on their way to others are nobody's contrast.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((running) => running instanceof CSSTransition).map((running) => running.finished)).then(() => undefined));
  const axe = new AxeBuilder({ page: page as never });
  const { violations: found } = await (scheme === "dark" ? axe.withRules("color-contrast") : axe).analyze();
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
}

/** In pixels. */
const WIDE = { width: 1360, height: 860 };
const PHONE = { width: 380, height: 800 };

/** In light and dark, and on a phone, for people to look at; axe finds nothing in any of them, and a phone is wide enough. */
export async function looksRight(page: Page, name: string): Promise<void> {
  // What the mouse is on has other colours.
  await page.mouse.move(0, 0);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(WIDE);
  await settled(page);
  const wrong = await violations(page, "light");
  await shoot(page, `${name}-light`);
  // The page follows the system while it is open.
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
  wrong.push(...(await violations(page, "dark")).map((violation) => `dark: ${violation}`));
  await shoot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator("html[data-mantine-color-scheme=light]").waitFor();
  await page.setViewportSize(PHONE);
  await page.waitForFunction((most) => document.documentElement.scrollWidth <= most, PHONE.width);
  wrong.push(...(await violations(page, "light")).map((violation) => `phone: ${violation}`));
  await shoot(page, `${name}-phone`);
  await page.setViewportSize(WIDE);
  expect(wrong).toEqual([]);
}
