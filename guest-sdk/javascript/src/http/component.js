// A request through `wasi:http`.
//
// The snapshot of a component is made beside WASI's streams, and cannot be made beside others that share their resources.
// So until it is made, the packages that belong to `wasi:http` go by the name `late`: see BUILDING.md.

import { handle } from "late:http/outgoing-handler@0.2.11";
import { Fields, OutgoingBody, OutgoingRequest, RequestOptions, httpErrorCode } from "late:http/types@0.2.11";
import { HttpError, fromHost, fromText } from "./errors.js";
import { Response } from "./message.js";

/** @typedef {import("../http.js").SentRequest & { scheme: string, authority: string, pathWithQuery: string }} Sent */
/** @typedef {import("late:http/types@0.2.11").IncomingResponse} IncomingResponse */
/** @typedef {import("late:io/streams@0.2.11").InputStream} InputStream */

/** The most that `blocking-write-and-flush` takes. */
const WRITTEN_AT_ONCE = 4096;
const READ_AT_ONCE = 64 << 10;
const NANOSECONDS_IN_A_MILLISECOND = 1e6;
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

/**
 * Sends a request and reads the whole answer.
 * @param {Sent} request
 * @returns {import("../http.js").Response}
 */
export function exchange(request) {
  const outgoing = outgoingOf(request);
  const body = outgoing.body();
  const future = send(outgoing, body, request.timeoutMs);
  return using(future, () => {
    write(body, request.body);
    using(future.subscribe(), (ready) => ready.block());
    const got = future.get();
    if (got?.tag !== "ok") throw new HttpError("other", "the exchange failed: its answer was taken before");
    if (got.val.tag === "err") throw fromHost(got.val.val);
    return using(got.val.val, read);
  });
}

/**
 * Runs `body` with a resource and gives the resource back. What was made from another resource goes back before it: the
 * component model asks for that, and a garbage collector knows no order.
 * @template R, T
 * @param {R} resource
 * @param {(resource: R) => T} body
 * @returns {T}
 */
function using(resource, body) {
  try {
    return body(resource);
  } finally {
    giveBack(resource);
  }
}

/** @param {unknown} resource */
function giveBack(resource) {
  /** @type {any} */ (resource)[Symbol.dispose]();
}

/** @param {Sent} request */
function outgoingOf({ method, url, scheme, authority, pathWithQuery, headers }) {
  const fields = [...headers].map(([name, value]) => /** @type {[string, Uint8Array]} */ ([name, latin1(value)]));
  const outgoing = new OutgoingRequest(
    refusedAs((payload) => `one of its headers may not be sent: ${payload.tag}`, () => Fields.fromList(fields)),
  );
  refusedAs(
    () => `\`${method} ${url}\``,
    () => {
      outgoing.setMethod(METHODS.includes(method) ? tagged(method.toLowerCase()) : tagged("other", method));
      outgoing.setScheme(tagged(scheme === "http" ? "HTTP" : "HTTPS"));
      outgoing.setAuthority(authority);
      outgoing.setPathWithQuery(pathWithQuery);
    },
  );
  return outgoing;
}

/**
 * @param {OutgoingRequest} outgoing
 * @param {OutgoingBody} body
 * @param {number | undefined} timeoutMs
 */
function send(outgoing, body, timeoutMs) {
  try {
    return handle(outgoing, optionsOf(timeoutMs));
  } catch (error) {
    giveBack(body);
    const code = payloadOf(error);
    throw code === undefined ? error : fromHost(code);
  }
}

/** @param {number | undefined} timeoutMs */
function optionsOf(timeoutMs) {
  if (timeoutMs === undefined) return undefined;
  const duration = Math.min(Math.ceil(timeoutMs * NANOSECONDS_IN_A_MILLISECOND), Number.MAX_SAFE_INTEGER);
  const options = new RequestOptions();
  options.setConnectTimeout(duration);
  options.setFirstByteTimeout(duration);
  options.setBetweenBytesTimeout(duration);
  return options;
}

/**
 * A server may answer before it has read everything, so an error here is none: the answer says what is wrong.
 * @param {OutgoingBody} body
 * @param {Uint8Array} bytes
 */
function write(body, bytes) {
  try {
    if (bytes.length > 0) {
      using(body.write(), (stream) => {
        for (let start = 0; start < bytes.length; start += WRITTEN_AT_ONCE) {
          stream.blockingWriteAndFlush(bytes.slice(start, start + WRITTEN_AT_ONCE));
        }
      });
    }
  } catch (error) {
    giveBack(body);
    if (payloadOf(error) === undefined) throw error;
    return;
  }
  try {
    OutgoingBody.finish(body, undefined);
  } catch (error) {
    if (payloadOf(error) === undefined) throw error;
  }
}

/** @param {IncomingResponse} answer */
function read(answer) {
  const headers = using(answer.headers(), (fields) =>
    fields.entries().map(([name, value]) => /** @type {[string, string]} */ ([name, fromLatin1(value)])),
  );
  const body = using(answer.consume(), (incoming) => using(incoming.stream(), readAll));
  return new Response(answer.status(), { headers, body });
}

/** @param {InputStream} stream */
function readAll(stream) {
  const parts = [];
  for (;;) {
    try {
      parts.push(stream.blockingRead(READ_AT_ONCE));
    } catch (error) {
      const payload = payloadOf(error);
      if (payload === undefined) throw error;
      if (payload.tag === "closed") return joined(parts);
      throw using(payload.val, (failed) => {
        // An option that is none is `null` here, whatever its type says.
        const code = httpErrorCode(failed) ?? undefined;
        return code === undefined ? fromText(failed.toDebugString()) : fromHost(code);
      });
    }
  }
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * What a function of the component's bindings threw as the error of a WIT `result`.
 * @param {unknown} error
 * @returns {any}
 */
function payloadOf(error) {
  return /** @type {any} */ (error)?.payload;
}

/**
 * Throws what the host refuses as a request that cannot be sent.
 * @template T
 * @param {(payload: any) => string} reason
 * @param {() => T} body
 * @returns {T}
 */
function refusedAs(reason, body) {
  try {
    return body();
  } catch (error) {
    throw new HttpError("invalid", `the request cannot be sent: ${reason(payloadOf(error) ?? {})}`);
  }
}

/**
 * A case of a WIT variant.
 * @param {string} tag
 * @param {string} [val]
 */
function tagged(tag, val) {
  return /** @type {any} */ (val === undefined ? { tag } : { tag, val });
}

/** @param {string} text */
function latin1(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
function fromLatin1(bytes) {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
