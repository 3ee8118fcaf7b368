// SPDX-License-Identifier: MIT
import { PROGRAM } from "../program-name";
import { indent } from "./layout";

/** An option and its value; `true` for a flag without one, `undefined` where it is not given. */
export type ShownOptions = Readonly<Record<string, string | true | undefined>>;

/**
 * A command to run, on a line of its own that can be pasted into a shell.
 *
 * @param words - the command and its arguments
 * @param options - flags, by their names on the command line
 */
export function shownCommand(words: readonly string[], options: ShownOptions = {}): string {
  const flags = Object.entries(options).flatMap(([flag, value]) =>
    value === undefined ? [] : value === true ? [flag] : [flag, value],
  );
  return indent([PROGRAM, ...[...words, ...flags].map(shellWord)].join(" "));
}

/** The word as a shell reads it as one. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
