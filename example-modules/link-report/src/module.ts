// Reports on the links of Markdown documents: where they lead, and which lead nowhere.

import { defineModule, object } from "cofferdam-sdk";

import { type Page, readPage } from "./markdown.js";

// What a checkpoint holds: how many documents are done, and what the summary counts.
const State = object({
  done: { type: "integer" },
  links: { type: "integer" },
  problems: { type: "integer" },
  hosts: { type: "object", additionalProperties: { type: "integer" } },
});

export const runner = defineModule({
  name: "link-report",
  version: "1.0.0",
  description: "Reports on the links of Markdown documents",

  inputs: object({
    documents: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "The documents' texts by their paths, such as `docs/start.md`.",
    },
  }),
  settings: object({
    top: { type: "integer", minimum: 1, default: 10, description: "How many hosts the summary lists." },
  }),

  run(job, { documents }, settings) {
    const pages = new Map(Object.entries(documents).map(([path, text]) => [path, readPage(text)]));
    const state = job.checkpoint(State) ?? { done: 0, links: 0, problems: 0, hosts: {} };
    for (const [path, page] of [...pages].slice(state.done)) {
      if (job.isCancelled) return;
      const report = reportOf(path, page, pages);
      for (const { line, target, problem } of report.problems) console.warn("%s:%d: %s: %s", path, line, target, problem);
      for (const host of report.hosts) state.hosts[host] = (state.hosts[host] ?? 0) + 1;
      job.saveResult({ document: path, links: page.links.length, external: report.hosts.length, problems: report.problems });
      state.done += 1;
      state.links += page.links.length;
      state.problems += report.problems.length;
      job.saveCheckpoint(state);
      job.reportProgress(state.done, pages.size);
    }
    const hosts = Object.entries(state.hosts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    job.saveResult({
      documents: pages.size,
      links: state.links,
      problems: state.problems,
      hosts: hosts.slice(0, settings.top).map(([host, count]) => ({ host, count })),
    });
  },
});

interface Report {
  hosts: string[];
  problems: { line: number; target: string; problem: string }[];
}

function reportOf(path: string, page: Page, pages: Map<string, Page>): Report {
  const report: Report = { hosts: [], problems: [] };
  for (const { line, target } of page.links) {
    const host = /^(?:https?:)?\/\/([^/?#]+)/i.exec(target)?.[1];
    if (host !== undefined) report.hosts.push(host.toLowerCase());
    else if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) {
      const problem = problemOf(path, target, pages);
      if (problem !== undefined) report.problems.push({ line, target, problem });
    }
  }
  return report;
}

/** What is wrong with a link into the documents themselves. */
function problemOf(path: string, target: string, pages: Map<string, Page>): string | undefined {
  if (target === "") return "leads nowhere";
  const [file = "", anchor] = target.split("#");
  const goal = file === "" ? path : resolve(path, file.split("?")[0] ?? "");
  const page = pages.get(goal);
  if (page === undefined) return `\`${goal}\` is not among the documents`;
  if (anchor !== undefined && anchor !== "" && !page.anchors.has(decode(anchor))) {
    return `\`${goal}\` has no heading or anchor \`${anchor}\``;
  }
  return undefined;
}

function resolve(from: string, target: string): string {
  const steps = target.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

function decode(anchor: string): string {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}
