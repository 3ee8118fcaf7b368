// SPDX-License-Identifier: MIT

/** No word of a command line holds it. */
const MARK = "\0";

/**
 * Marks the words that are no options although they begin with a hyphen: those with a blank before any `=`, such as a statement that
 * begins with a comment (`-- cars`, a line break, `SELECT …`). The parser takes a marked word as it takes every other argument.
 */
export function markLiteralWords(words: readonly string[]): readonly string[] {
  return words.map((word) => (/^-[^\s=]*\s/.test(word) ? MARK + word : word));
}

/** The word, or a message that tells it, as it was typed. */
export function unmark(text: string): string {
  return text.replaceAll(MARK, "");
}
