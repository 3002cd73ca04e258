// UTF-8, which QuickJS has no functions for.

const REPLACEMENT = 0xfffd;
/** As many as a call may have arguments on every engine. */
const UNITS_AT_ONCE = 8192;

/**
 * Half a character that stands alone becomes U+FFFD.
 * @param {string} text
 */
export function encodeUtf8(text) {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text.toWellFormed()) {
    const code = /** @type {number} */ (character.codePointAt(0));
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/**
 * Bytes that are no UTF-8 become U+FFFD, as many as the WHATWG's decoder makes of them.
 * @param {Uint8Array} bytes
 */
export function decodeUtf8(bytes) {
  let text = "";
  /** @type {number[]} */
  let units = [];
  const put = (/** @type {number} */ code) => {
    if (code < 0x10000) units.push(code);
    else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    if (units.length >= UNITS_AT_ONCE) {
      text += String.fromCharCode(...units);
      units = [];
    }
  };
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = characterAt(bytes, at);
    put(code);
    at += length;
  }
  return text + String.fromCharCode(...units);
}

/**
 * The character that begins there, and how many bytes it has.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[code: number, length: number]}
 */
function characterAt(bytes, at) {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, 1];
  const more = first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
  if (more === 0) return [REPLACEMENT, 1];
  let code = first & (0x3f >> more);
  for (let index = 1; index <= more; index += 1) {
    const byte = bytes[at + index] ?? 0;
    // The second byte rules out overlong forms, halves of pairs, and what lies beyond Unicode.
    const [lowest, highest] = index === 1 ? boundsOfSecond(first) : [0x80, 0xbf];
    if (byte < lowest || byte > highest) return [REPLACEMENT, index];
    code = (code << 6) | (byte & 0x3f);
  }
  return [code, more + 1];
}

/**
 * @param {number} first
 * @returns {[lowest: number, highest: number]}
 */
function boundsOfSecond(first) {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}
