// SPDX-License-Identifier: MIT

/**
 * Reads `help COMMAND` as `COMMAND --help`, and `GROUP help COMMAND` as `GROUP COMMAND --help`.
 *
 * @param groups - the names of the groups of commands
 */
export function helpWords(words: readonly string[], groups: readonly string[]): readonly string[] {
  const at = groups.includes(words[0] ?? "") ? 1 : 0;
  return words[at] === "help" ? [...words.slice(0, at), ...words.slice(at + 1), "--help"] : words;
}
