// SPDX-License-Identifier: MIT

/**
 * The characters that a terminal acts upon instead of showing them: control characters (C0, C1, delete), marks of text direction,
 * and separators of lines.
 */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text from an event, an export or a ledger as it can be shown to people: what a terminal would obey is escaped. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
