// SPDX-License-Identifier: MIT

/** A place in a statement's text. */
export interface Position {
  /** UTF-16 code units before it, from 0. */
  readonly offset: number;
  /** From 1; lines end with a line feed. */
  readonly line: number;
  /** UTF-16 code units since the start of the line, from 1. */
  readonly column: number;
}

/** Finds line and column of an offset. */
export function positionAt(source: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let feed = source.indexOf("\n"); feed !== -1 && feed < offset; feed = source.indexOf("\n", feed + 1)) {
    line += 1;
    lineStart = feed + 1;
  }
  return { offset, line, column: offset - lineStart + 1 };
}
