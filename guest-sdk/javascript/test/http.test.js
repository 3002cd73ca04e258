import assert from "node:assert/strict";
import { test } from "node:test";

import { Headers, HttpError, Response, fetch } from "../src/http.js";
import { decodeUtf8, encodeUtf8 } from "../src/http/utf8.js";
import { defineModule } from "../src/index.js";
import { run } from "../src/testing.js";

/** @typedef {import("../src/http.js").SentRequest} SentRequest */

/**
 * What reaches a server that answers nothing of interest.
 * @param {string} url
 * @param {import("../src/http.js").RequestOptions} [options]
 */
function asked(url, options) {
  /** @type {SentRequest[]} */
  const seen = [];
  /** @type {unknown} */
  let thrown;
  const asks = defineModule({
    name: "asks",
    version: "0.1.0",
    run() {
      try {
        fetch(url, options);
      } catch (error) {
        thrown = error;
      }
    },
  });
  run(asks, {}, { http: (request) => (seen.push(request), new Response(204)) });
  if (thrown !== undefined) throw thrown;
  return /** @type {SentRequest} */ (seen[0]);
}

test("what was said is sent", () => {
  const options = { method: "POST", headers: { "X-A": "1" }, body: "é", timeoutMs: 2000 };
  const request = asked("https://api.example.com/a?b=1#c", options);
  assert.deepEqual([request.method, request.url, request.timeoutMs], ["POST", "https://api.example.com/a?b=1#c", 2000]);
  assert.deepEqual([...request.body], [0xc3, 0xa9]);
  assert.deepEqual([...request.headers], [["x-a", "1"], ["content-length", "2"]]);
  assert.deepEqual([.../** @type {any} */ (asked("http://[::1]:8080?q=1")).pathWithQuery].join(""), "/?q=1");
});

test("json is sent with its type, and a GET without a length", () => {
  const request = asked("https://a.example/", { method: "PUT", json: { n: [1] }, headers: [["Content-Type", "application/x"]] });
  assert.equal(decodeUtf8(request.body), '{"n":[1]}');
  assert.equal(request.headers.get("content-type"), "application/x");
  assert.equal(asked("https://a.example/", { json: 0 }).headers.get("Content-Type"), "application/json");
  assert.deepEqual([...asked("https://a.example/").headers], []);
  assert.throws(() => fetch("https://a.example/", { body: "", json: 1 }), TypeError);
});

test("what could never be sent is refused with its reason", () => {
  const invalid = { name: "HttpError", kind: "invalid" };
  for (const url of ["", "/path", "api.example.com", "ftp://a.example/", "https://", "https://a.example/a b", "https://é"]) {
    assert.throws(() => fetch(url), invalid, url);
  }
  /** @type {import("../src/http.js").RequestOptions[]} */
  const wrong = [{ method: "A B" }, { headers: { "a b": "1" } }, { headers: { a: "1\r\nb: 2" } }, { headers: { a: "€" } }];
  for (const options of wrong) {
    assert.throws(() => asked("https://a.example/", options), invalid, JSON.stringify(options));
  }
  for (const timeoutMs of [0, -1, Number.NaN, Infinity]) {
    assert.throws(() => fetch("https://a.example/", { timeoutMs }), /more than 0/);
  }
});

test("without a stand-in everything is denied, also after one was there", () => {
  asked("https://a.example/");
  assert.throws(() => fetch("https://a.example/"), { kind: "denied", message: /not granted/ });
});

test("an error of the stand-in is thrown", () => {
  const asks = defineModule({ name: "asks", version: "0.1.0", run: () => void fetch("https://a.example/") });
  const http = () => {
    throw new HttpError("timeout", "slow");
  };
  assert.equal(run(asks, {}, { http }).failure?.message, "HttpError: slow");
});

test("headers are known in upper and lower case", () => {
  const headers = new Headers([["Set-Cookie", "a"], ["set-cookie", "b"]]);
  assert.deepEqual([headers.get("SET-COOKIE"), headers.get("y"), headers.has("Set-cookie")], ["a, b", null, true]);
  assert.deepEqual(headers.getAll("set-cookie"), ["a", "b"]);
});

test("a body is bytes, text or json", () => {
  const answer = new Response(200, { body: '{"n": 1}' });
  assert.deepEqual([answer.ok, answer.text(), answer.json()], [true, '{"n": 1}', { n: 1 }]);
  assert.deepEqual([new Response(302).ok, new Response().bytes().length], [false, 0]);
});

test("UTF-8 is what the platform's own functions make of it", () => {
  const texts = ["", "aé€😀", "\ud800x\udc00", "\u{10ffff}", "x".repeat(20_000) + "é"];
  for (const text of texts) {
    assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
    assert.equal(decodeUtf8(encodeUtf8(text)), text.toWellFormed());
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // Every beginning of two bytes, with what may follow: overlong forms, halves of pairs, ends in the middle.
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0; second < 256; second += 1) {
      for (const rest of [[], [0x80], [0x80, 0xbf, 0x41], [0xc3, 0xa9]]) {
        const bytes = Uint8Array.from([first, second, ...rest]);
        if (decodeUtf8(bytes) !== decoder.decode(bytes)) assert.fail(`${bytes}`);
      }
    }
  }
});
