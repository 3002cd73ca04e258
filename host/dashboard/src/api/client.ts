// Asks the host. Every refusal becomes a `ProblemError` with the host's own words.
import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema";
import { noteRefused, token } from "./session";

export type Schemas = components["schemas"];
export type Job = Schemas["Job"];
export type JobStatus = Schemas["JobStatus"];
export type Module = Schemas["Module"];
export type HostStatus = Schemas["HostStatus"];
export type Problem = Schemas["Problem"];

/** What the host refused, or that it could not be reached. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
  }
}

const UNREACHED: Problem = {
  type: "about:blank",
  title: "The host cannot be reached",
  status: 0,
  detail: "No answer came from the host. It may be down, or the network between.",
  code: "unreachable",
};

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "title" in value && "detail" in value;
}

/** The problem in an answer, whatever it looks like. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body;
  const detail = `The host answered ${response.status} ${response.statusText}`.trim();
  return { type: "about:blank", title: "An unexpected answer", status: response.status, detail, code: "unexpected" };
}

function authorization(): string | null {
  const text = token();
  return text === null ? null : `Bearer ${text}`;
}

const refusals: Middleware = {
  onRequest({ request }) {
    const held = authorization();
    if (held !== null) request.headers.set("authorization", held);
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return undefined;
    // A late answer to who had another token says nothing of this one.
    if (response.status === 401 && request.headers.get("authorization") === authorization()) noteRefused();
    throw new ProblemError(await problemOf(response));
  },
  onError({ error }) {
    if (error instanceof ProblemError) return error;
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new ProblemError(UNREACHED);
  },
};

export const api = createClient<paths>({ baseUrl: location.origin });
api.use(refusals);

/** What an answer carries; refusals were thrown before. */
export async function answer<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await asked;
  return data as T;
}

/** What is wrong, in words for people. */
export function problemIn(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: "about:blank", title: "The page made a mistake", status: 0, detail, code: "page" };
}

/** A one-use ticket for a stream; nothing while the host asks for no token. */
export async function ticket(): Promise<string | null> {
  if (token() === null) return null;
  return (await answer(api.POST("/v1/stream-tickets"))).ticket;
}
