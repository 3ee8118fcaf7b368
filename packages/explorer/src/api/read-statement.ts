// SPDX-License-Identifier: MIT

/** The text that may stand before the first word of a statement: spaces, opening parentheses and comments. */
const BEFORE = /^(?:[\s(]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;

/** True for a statement that changes nothing: SELECT or EXPLAIN. */
export function isReadStatement(statement: string): boolean {
  const word = /^\w+/.exec(statement.replace(BEFORE, ""))?.[0] ?? "";
  return ["SELECT", "EXPLAIN"].includes(word.toUpperCase());
}

/** A name in double quotes, as PartiQL reads it whatever characters it has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
