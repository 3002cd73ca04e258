// Servers everywhere but in a component: those of `testing.run` while it runs a module, and none otherwise.

import { denied } from "./errors.js";

/** @typedef {(request: import("../http.js").SentRequest) => import("../http.js").Response} Servers */

/** @type {Servers} */
const none = () => {
  throw denied();
};

let current = none;

/**
 * Runs `body` with these servers.
 * @template T
 * @param {Servers | undefined} servers
 * @param {() => T} body
 * @returns {T}
 */
export function withServers(servers = none, body) {
  const before = current;
  current = servers;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** @type {typeof import("./component.js").exchange} */
export const exchange = (request) => current(request);
