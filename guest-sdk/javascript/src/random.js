// Random numbers inside a component. QuickJS seeds `Math.random` while the component is built, so that every job would
// draw the same numbers.

/**
 * A source of numbers from 0 up to 1, for everything but secrets: sfc32 of Chris Doty-Humphrey's PractRand, seeded with
 * the four hashes (FNV-1a) of the text.
 * @param {string} seed
 */
export function randomFrom(seed) {
  let [a, b, c, d] = /** @type {[number, number, number, number]} */ ([0, 1, 2, 3].map((salt) => hash(`${salt}${seed}`)));
  const next = () => {
    const result = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
}

/** @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
