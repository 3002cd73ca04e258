// Texts on their way to the host, which takes nothing but valid Unicode and traps the module otherwise.

/**
 * The text with a replacement character for each half of a surrogate pair that stands alone.
 * @param {string} text
 */
export function wellFormed(text) {
  return text.toWellFormed();
}
