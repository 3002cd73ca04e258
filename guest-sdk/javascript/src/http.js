// Calls servers over HTTP: from what a module says to a request that can be sent.

import { exchange } from "#http";
import { HttpError } from "./http/errors.js";
import { Headers, Response } from "./http/message.js";
import { encodeUtf8 } from "./http/utf8.js";

export { Headers, HttpError, Response };

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const URL = /^(?<scheme>https?):\/\/(?<authority>[!-"$-.0-;=@-~]+)(?<path>[!-"$->@-~]*)(?<query>\?[!-"$-~]*)?(?:#[!-~]*)?$/;
/** Methods whose body is announced also when it is empty. */
const WITH_BODY = ["POST", "PUT", "PATCH"];

/**
 * @param {string} url
 * @param {import("./http.js").RequestOptions} [options]
 */
export function fetch(url, { method = "GET", headers = {}, body, json, timeoutMs } = {}) {
  if (body !== undefined && json !== undefined) throw new TypeError("a request has either a `body` or a `json`, not both");
  const fields = new Headers(headers);
  if (json !== undefined && !fields.has("content-type")) fields.append("content-type", "application/json");
  const given = json === undefined ? (body ?? "") : JSON.stringify(json);
  const bytes = typeof given === "string" ? encodeUtf8(given) : given;
  if ((bytes.length > 0 || WITH_BODY.includes(method)) && !fields.has("content-length")) {
    fields.append("content-length", String(bytes.length));
  }
  const { scheme = "", authority = "", path = "", query = "" } = URL.exec(url)?.groups ?? {};
  if (scheme === "") throw invalid(`\`${url}\` is no address of http or https`);
  check(method, fields, timeoutMs);
  const target = { scheme, authority, pathWithQuery: `${path || "/"}${query}` };
  return exchange({ method, url, ...target, headers: fields, body: bytes, timeoutMs });
}

/**
 * What could never be sent is refused here, with its reason, natively too.
 * @param {string} method
 * @param {Headers} headers
 * @param {number | undefined} timeoutMs
 */
function check(method, headers, timeoutMs) {
  if (!TOKEN.test(method)) throw invalid(`\`${method}\` is no method`);
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) throw invalid(`\`${name}\` is no name of a header`);
    if (!HEADER_VALUE.test(value)) {
      throw invalid(`the header \`${name}\` holds a line break, or a character that Latin-1 has not`);
    }
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs < Infinity)) {
    throw new RangeError(`a timeout of ${timeoutMs} milliseconds is none: it must be more than 0`);
  }
}

/** @param {string} reason */
function invalid(reason) {
  return new HttpError("invalid", `the request cannot be sent: ${reason}`);
}
