/**
 * Calls servers over HTTP. A module that imports this can be given servers to call; others cannot.
 *
 * Only servers that the module was granted answer; every other request throws an `HttpError` of the kind `denied`.
 * Redirects are not followed: an answer with `location` is an answer like any. Natively there is no network: the option
 * `http` of `run` of `cofferdam-sdk/testing` says what servers answer.
 */

export interface RequestOptions {
  /** `GET` unless given. */
  method?: string;
  headers?: HeadersInit;
  /** Sent as it is, a text as UTF-8. */
  body?: string | Uint8Array;
  /** Any JSON value in place of a body, sent with its `content-type`. */
  json?: unknown;
  /**
   * How long each wait may take, in milliseconds: for the connection, for the answer's head, and for more of its body. The
   * host has limits of its own, which hold without it, too.
   */
  timeoutMs?: number;
}

export type HeadersInit = Record<string, string> | Iterable<readonly [name: string, value: string]>;

/**
 * Sends a request and waits for the whole answer, whatever its status. It is `fetch` without promises, for which nothing in
 * a component waits. Throws `HttpError`.
 */
export function fetch(url: string, options?: RequestOptions): Response;

/** Headers by their names, in which upper and lower case are the same. */
export class Headers implements Iterable<[name: string, value: string]> {
  constructor(headers?: HeadersInit);
  /** The value, those of several headers of this name joined by commas; `null` when there is none. */
  get(name: string): string | null;
  /** The values of all headers of this name, each by itself, as `set-cookie` needs it. */
  getAll(name: string): string[];
  has(name: string): boolean;
  append(name: string, value: string): void;
  /** Every header by itself, in order, its name in lower case. */
  [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
}

/** An answer, whatever its status. */
export class Response {
  /** For tests: what a server answers. */
  constructor(status?: number, options?: { headers?: HeadersInit; body?: string | Uint8Array });
  readonly status: number;
  /** Whether the status is one of success, 200 to 299. */
  readonly ok: boolean;
  readonly headers: Headers;
  bytes(): Uint8Array;
  /** The body as UTF-8; what is none becomes U+FFFD. */
  text(): string;
  /** The body's JSON value. Throws a `SyntaxError` when it is none. */
  json(): any;
}

/** Why a request has no answer. What may pass by itself is worth a `Failure` that is `retryable`. */
export class HttpError extends Error {
  constructor(kind: HttpError["kind"], message: string);
  /**
   * - `denied`: the module was not granted this scheme, host, port and method; the job's log says which
   * - `address-not-allowed`: the host has only addresses that the module was not granted, such as private ones
   * - `limit-reached`: the job has sent as many requests or bytes as it may
   * - `invalid`: the request cannot be sent as it is
   * - `connection`: the server was not reached, or the connection broke
   * - `timeout`: it took too long
   * - `terminated`: the request was ended because the job is to stop, or the other end went away
   * - `other`: the answer is not what HTTP allows, or something else went wrong
   */
  readonly kind:
    "denied" | "address-not-allowed" | "limit-reached" | "invalid" | "connection" | "timeout" | "terminated" | "other";
}

/** What is sent, as a stand-in for servers sees it in tests. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly timeoutMs: number | undefined;
}
