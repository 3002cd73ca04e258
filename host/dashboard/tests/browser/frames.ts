// How smooth a page is: when its frames come, and what its longest task takes on a processor. The second does not depend on
// what else the machine does.
import type { Browser, Page } from "playwright-core";

export interface Frames {
  count: number;
  nearlyAllMs: number;
  worstMs: number;
  longestTaskMs: number;
  /** All tasks together. */
  busyMs: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** In microseconds, on a processor. */
  tdur?: number;
  args?: { name?: string };
}

const CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];

function taskTimes(trace: Buffer): number[] {
  const { traceEvents: events } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threads = new Set(
    events.filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain").map(({ pid, tid }) => `${pid}-${tid}`),
  );
  const tasks = events.filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && threads.has(`${event.pid}-${event.tid}`));
  // Tasks stand in each other under several names: those of one name do not.
  const named = [...new Set(tasks.map((task) => task.name))].map((name) => tasks.filter((task) => task.name === name));
  const sum = (some: TraceEvent[]) => some.reduce((all, task) => all + (task.tdur ?? 0), 0);
  const [most = []] = named.sort((one, other) => sum(other) - sum(one));
  return most.map((task) => (task.tdur ?? 0) / 1000);
}

/** Measures while something is done. */
export async function frames(browser: Browser, page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const seen = { times: [] as number[], last: performance.now(), on: true };
    Object.assign(window, { seen });
    const note = (now: number): void => {
      seen.times.push(now - seen.last);
      seen.last = now;
      if (seen.on) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const tasks = taskTimes(await browser.stopTracing());
  const times = await page.evaluate(() => {
    const { seen } = window as unknown as { seen: { times: number[]; on: boolean } };
    seen.on = false;
    return seen.times.slice(1).sort((one, other) => one - other);
  });
  return {
    count: times.length, nearlyAllMs: times[Math.floor(times.length * 0.95)] ?? 0, worstMs: times.at(-1) ?? 0, longestTaskMs: Math.max(0, ...tasks), busyMs: tasks.reduce((sum, task) => sum + task, 0),
  };
}
