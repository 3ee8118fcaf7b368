// SPDX-License-Identifier: MIT

/**
 * Reads `true` or `false` in any case, as the Java loader and its templates do.
 *
 * @returns `undefined` for any other text: `yes` or `1` is a mistake, not a value.
 */
export function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}
