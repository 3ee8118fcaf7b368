// SPDX-License-Identifier: MIT
import { editDistance } from "@ledger-loader/errors";
import { PROGRAM } from "./program-name";

/** More would be a list and no suggestion. */
const SUGGESTIONS_MAX = 5;

/**
 * The commands that a word may stand for, best first: those that have the word in their path, else those near it in writing.
 *
 * @param paths - the words that call each command
 * @param group - the words before the unknown one that are right
 */
export function suggestCommands(
  paths: readonly (readonly string[])[],
  group: readonly string[],
  word: string,
): readonly string[] {
  const own = paths.filter((path) => group.every((name, i) => path[i] === name));
  const others = paths.filter((path) => !own.includes(path));
  const ordered = [...own, ...others];
  const exact = ordered.filter((path) => path.includes(word));
  const candidates = exact.length > 0 ? exact : (nearest(own, word) ?? nearest(others, word) ?? []);
  return candidates.slice(0, SUGGESTIONS_MAX).map((path) => path.join(" "));
}

/** One sentence that names the commands, or an empty text. */
export function suggestionText(commands: readonly string[]): string {
  if (commands.length === 0) return "";
  const quoted = commands.map((each) => `"${PROGRAM} ${each}"`);
  const last = quoted.at(-1) ?? "";
  return `Did you mean ${quoted.length === 1 ? last : `${quoted.slice(0, -1).join(", ")} or ${last}`}? `;
}

/** The paths with the smallest distance, if it is small for words of this length. */
function nearest(
  paths: readonly (readonly string[])[],
  word: string,
): readonly (readonly string[])[] | undefined {
  const rated = paths.map((path) => ({ path, distance: distanceTo(path, word) }));
  const smallest = Math.min(...rated.map(({ distance }) => distance));
  if (smallest > Math.max(1, Math.floor(word.length / 3))) return undefined;
  return rated.filter(({ distance }) => distance === smallest).map(({ path }) => path);
}

/** From a name of the path, or from all of them written as one word: `export-verify`, `exportverify`. */
function distanceTo(path: readonly string[], word: string): number {
  const typed = word.toLowerCase();
  return Math.min(...[...path, path.join("-"), path.join("")].map((name) => editDistance(name, typed)));
}
