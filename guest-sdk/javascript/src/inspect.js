// Values as texts for the log: what Node's `console` shows, on one line.

const DEEPEST = 4;
const MOST_ITEMS = 100;

/**
 * @param {unknown} value
 * @returns {string}
 */
export function inspect(value) {
  return show(value, [], DEEPEST);
}

/**
 * @param {unknown} value
 * @param {object[]} above
 * @param {number} levels
 * @returns {string}
 */
function show(value, above, levels) {
  if (typeof value === "string") return above.length === 0 ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[Function ${value.name || "(anonymous)"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (above.includes(value)) return "[Circular]";
  if (value instanceof Error) return showError(value, above);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const inside = [...above, value];
  /** @param {unknown} item */
  const deeper = (item) => show(item, inside, levels - 1);
  const name = value.constructor?.name ?? "[Object: null prototype]";
  if (Array.isArray(value)) return levels === 0 ? "[Array]" : `[${listed(value, deeper)}]`;
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return `${name} [${listed(/** @type {Iterable<unknown>} */ (value), deeper)}]`;
  }
  if (levels === 0) return `[${name}]`;
  if (value instanceof Set) return `Set {${listed(value, deeper)}}`;
  if (value instanceof Map) {
    return `Map {${listed(value, (pair) => `${deeper(pair[0])} => ${deeper(pair[1])}`)}}`;
  }
  const fields = listed(Object.entries(value), ([key, item]) => `${showKey(key)}: ${deeper(item)}`);
  return `${name === "Object" ? "" : `${name} `}{${fields}}`;
}

/**
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => string} words
 */
function listed(items, words) {
  const shown = [];
  for (const item of items) {
    if (shown.length === MOST_ITEMS) {
      shown.push("…");
      break;
    }
    shown.push(words(item));
  }
  return shown.join(", ");
}

/** @param {string} key */
function showKey(key) {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/**
 * An error's name, message and stack, and its causes.
 * @param {Error} error
 * @param {object[]} [above]
 * @returns {string}
 */
export function showError(error, above = []) {
  const title = String(error);
  const stack = withoutOwnFrames(error.stack ?? "").trimEnd();
  // QuickJS leaves the title out of the stack, V8 begins with it.
  const text = stack.includes(title) ? stack : `${title}\n${stack}`.trimEnd();
  return error.cause === undefined ? text : `${text}\ncaused by ${show(error.cause, [...above, error], DEEPEST)}`;
}

/**
 * The stack down to where the SDK called the module: the rest is of no use to its author. A bundler may number names.
 * @param {string} stack
 */
function withoutOwnFrames(stack) {
  return stack.replace(/\n +at cofferdamAttempt\d* [^]*$/, "");
}
