// `console`, led to the host's log.

import { inspect } from "./inspect.js";
import { wellFormed } from "./text.js";

/** @typedef {import("cofferdam:module/types@0.1.0").LogLevel} LogLevel */

/**
 * @param {(message: string, level: LogLevel) => void} log
 * @returns {import("./index.js").HostConsole}
 */
export function createConsole(log) {
  let indent = "";
  /** @param {LogLevel} level */
  const at = (level) => (/** @type {unknown[]} */ ...values) => {
    const message = wellFormed(format(values));
    log(indent === "" ? message : indent + message.replaceAll("\n", `\n${indent}`), level);
  };
  const info = at("info");
  const error = at("error");
  const group = (/** @type {unknown[]} */ ...values) => {
    if (values.length > 0) info(...values);
    indent += "  ";
  };
  return {
    trace: at("trace"),
    debug: at("debug"),
    log: info,
    info,
    warn: at("warn"),
    error,
    critical: at("critical"),
    dir: (value) => info(inspect(value)),
    table: (value) => info(inspect(value)),
    assert: (condition, ...values) => {
      if (!condition) error("Assertion failed" + (values.length > 0 ? ":" : ""), ...values);
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
  };
}

/**
 * The values as one text, with the place-holders `%s %d %i %f %j %o %O %c %%` of the first filled in.
 * @param {unknown[]} values
 * @returns {string}
 */
export function format(values) {
  const [first, ...rest] = values;
  if (typeof first !== "string") return values.map(inspect).join(" ");
  const text = first.replace(/%[sdifjoOc%]/g, (holder) => {
    if (holder === "%%") return rest.length === values.length - 1 && rest.length === 0 ? holder : "%";
    if (rest.length === 0) return holder;
    const value = rest.shift();
    switch (holder) {
      case "%d":
        return String(Number(value));
      case "%i":
        return String(Math.trunc(Number(value)));
      case "%f":
        return String(Number.parseFloat(String(value)));
      case "%j":
        return JSON.stringify(value) ?? "undefined";
      case "%c":
        return "";
      default:
        return inspect(value);
    }
  });
  return [text, ...rest.map(inspect)].join(" ");
}
