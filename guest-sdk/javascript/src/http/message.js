// Headers and answers, whole.

import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** @typedef {import("../http.js").HeadersInit} HeadersInit */

export class Headers {
  /** @type {[string, string][]} */
  #fields = [];

  /** @param {HeadersInit} [headers] */
  constructor(headers = {}) {
    const fields = Symbol.iterator in headers ? /** @type {Iterable<[string, string]>} */ (headers) : Object.entries(headers);
    for (const [name, value] of fields) this.append(name, value);
  }

  /** @param {string} name */
  get(name) {
    return this.has(name) ? this.getAll(name).join(", ") : null;
  }

  /** @param {string} name */
  getAll(name) {
    return this.#fields.filter(([own]) => own === name.toLowerCase()).map(([, value]) => value);
  }

  /** @param {string} name */
  has(name) {
    return this.#fields.some(([own]) => own === name.toLowerCase());
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  append(name, value) {
    this.#fields.push([name.toLowerCase(), String(value)]);
  }

  [Symbol.iterator]() {
    return this.#fields.map(([name, value]) => /** @type {[string, string]} */ ([name, value])).values();
  }
}

export class Response {
  /** @type {Uint8Array} */
  #body;

  /**
   * @param {number} [status]
   * @param {{ headers?: HeadersInit, body?: string | Uint8Array }} [options]
   */
  constructor(status = 200, { headers = {}, body = "" } = {}) {
    this.status = status;
    this.headers = new Headers(headers);
    this.#body = typeof body === "string" ? encodeUtf8(body) : body;
  }

  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  bytes() {
    return this.#body;
  }

  text() {
    return decodeUtf8(this.#body);
  }

  json() {
    return JSON.parse(this.text());
  }
}
