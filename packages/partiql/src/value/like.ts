// SPDX-License-Identifier: MIT

/** One element of a LIKE pattern. */
type PatternPart =
  | { readonly kind: "any-text" }
  | { readonly kind: "any-character" }
  | { readonly kind: "character"; readonly character: string };

/** A LIKE pattern, ready to be matched. */
export type Pattern = readonly PatternPart[];

/**
 * Reads a LIKE pattern: `%` stands for any text, `_` for any one character, `escape` takes their meaning away.
 *
 * @returns `undefined` if the escape is followed by anything else, or is not one character
 */
export function parsePattern(pattern: string, escape: string | undefined): Pattern | undefined {
  if (escape !== undefined && Array.from(escape).length !== 1) return undefined;
  const parts: PatternPart[] = [];
  let escaped = false;
  for (const character of pattern) {
    const special = character === "%" || character === "_" || character === escape;
    if (escaped && !special) return undefined;
    if (!escaped && character === escape) escaped = true;
    else {
      parts.push(
        escaped || !special
          ? { kind: "character", character }
          : { kind: character === "%" ? "any-text" : "any-character" },
      );
      escaped = false;
    }
  }
  return escaped ? undefined : parts;
}

/** So many characters looked at are one unit of work. */
const CHARACTERS_PER_UNIT = 16;

/**
 * Matches a whole text, in time proportional to text × pattern at worst: on a mismatch only the last `%` grows.
 *
 * @param spend is told of the work as it is done, and throws where it is too much.
 */
export function matchesPattern(text: string, pattern: Pattern, spend: (units: number) => unknown): boolean {
  spend((text.length + pattern.length) / CHARACTERS_PER_UNIT);
  const characters = Array.from(text);
  let at = 0;
  let part = 0;
  let retry: { readonly part: number; at: number } | undefined;
  while (at < characters.length) {
    const expected = pattern[part];
    if (expected?.kind === "any-text") {
      retry = { part, at };
      part += 1;
    } else if (
      expected !== undefined &&
      (expected.kind === "any-character" || expected.character === characters[at])
    ) {
      at += 1;
      part += 1;
    } else if (retry !== undefined) {
      // What was looked at since the last `%` is looked at again.
      spend((at - retry.at + 1) / CHARACTERS_PER_UNIT);
      retry.at += 1;
      at = retry.at;
      part = retry.part + 1;
    } else return false;
  }
  return pattern.slice(part).every(({ kind }) => kind === "any-text");
}
