// SPDX-License-Identifier: MIT
import { PROGRAM } from "../program-name";
import type { OutputStream } from "./terminal";

/** The width of a terminal that does not tell its own: absent, or 0 where a program stands between. */
const COLUMNS = 80;
/** No text is readable in less. */
const COLUMNS_MIN = 20;

const COLOURS = /\u001b\[[\d;]*m/g;
/** A term and its description, with two blanks or more between them. */
const TERM = /^( *\S(?:.*?\S)? {2,})(?=\S)/;
/** A line that shows a shell command: indented, the program's name behind variables or a pipe. */
const SHOWN_COMMAND = new RegExp(`^ +(?:\\w+=\\S+ |[^|]*\\| )*${PROGRAM} `);

/** The columns of a stream's terminal; `undefined` for a file or pipe. */
export function columnsOf({ isTTY, columns = 0 }: OutputStream): number | undefined {
  return isTTY === true ? (columns > 0 ? columns : COLUMNS) : undefined;
}

/** The text with its lines wrapped for the terminal behind a stream; unchanged for a file or pipe. */
export function fitTo(stream: OutputStream, text: string): string {
  const columns = columnsOf(stream);
  return columns === undefined ? text : wrap(text, columns);
}

/**
 * Breaks lines at blanks so that none is longer than `columns`. A word is never broken: paths and hashes are copied.
 *
 * The continuation of a description stands below the description. The continuation of a shell command can be pasted: the line
 * before it ends with a backslash.
 */
export function wrap(text: string, columns: number): string {
  const width = Math.max(COLUMNS_MIN, columns);
  return text
    .split("\n")
    .flatMap((line) => wrapLine(line, width))
    .join("\n");
}

function wrapLine(line: string, width: number): readonly string[] {
  if (lengthOf(line) <= width) return [line];
  const lead = /^ */.exec(line)?.[0].length ?? 0;
  if (SHOWN_COMMAND.test(line)) return wrapCommand(line, width, lead + 2);
  const term = TERM.exec(line)?.[1];
  if (term === undefined) return fill(line.split(/(?<=\S) /), width, lead === 0 ? 0 : lead + 2);
  const column = lengthOf(term);
  const description = line.slice(term.length);
  const [first = "", ...others] = description.split(/(?<=\S) /);
  return column > width / 2
    ? [term.trimEnd(), ...fill([" ".repeat(lead + 4) + first, ...others], width, lead + 4)]
    : fill([term + first, ...others], width, column);
}

/** Breaks between words of the shell only: within quotes a backslash would be part of the text. */
function wrapCommand(line: string, width: number, hang: number): readonly string[] {
  const words = line.match(/ *(?:'[^']*'|"[^"]*"|[^ '"])+/g) ?? [line];
  const [first = "", ...others] = words;
  const lines = fill([first, ...others.map((word) => word.trimStart())], width - " \\".length, hang);
  return lines.map((each, i) => (i < lines.length - 1 ? `${each} \\` : each));
}

function fill(words: readonly string[], width: number, hang: number): readonly string[] {
  const [first = "", ...others] = words;
  const lines = [first];
  for (const word of others) {
    const last = lines.at(-1) ?? "";
    if (lengthOf(last) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(" ".repeat(Math.max(0, Math.min(hang, width - lengthOf(word)))) + word.trimStart());
  }
  return lines.map((line) => line.trimEnd());
}

/** The columns that a text takes: colours take none. */
function lengthOf(text: string): number {
  return text.replace(COLOURS, "").length;
}
