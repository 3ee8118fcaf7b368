// SPDX-License-Identifier: MIT
import type { Tags } from "./storage/storage";

/** QLDB's limits: https://docs.aws.amazon.com/qldb/latest/developerguide/limits.html */
const TAGS_MAX = 200;
const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 256;

/** https://docs.aws.amazon.com/qldb/latest/developerguide/tagging.html */
const RESERVED_PREFIX = "aws:";

/** The reason why these cannot be all tags of one resource; `undefined` if they can. */
export function refuseTags(tags: Tags): string | undefined {
  const pairs = Object.entries(tags);
  const reserved = pairs.find(([key]) => key.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined)
    return `Expected no key that begins with ${RESERVED_PREFIX}, which AWS keeps for itself, found one: choose another key.`;
  const isSound = ([key, value]: readonly [string, string]): boolean =>
    key.length >= 1 && key.length <= KEY_CHARACTERS_MAX && value.length <= VALUE_CHARACTERS_MAX;
  if (pairs.length <= TAGS_MAX && pairs.every(isSound)) return undefined;
  return (
    `Expected at most ${TAGS_MAX} tags with keys of 1 to ${KEY_CHARACTERS_MAX} characters and values of at most ` +
    `${VALUE_CHARACTERS_MAX}, found more or longer ones: leave some out or shorten them.`
  );
}
