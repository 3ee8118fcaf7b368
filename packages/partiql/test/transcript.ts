// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { PartiqlError } from "@ledger-loader/partiql";
import { MemoryCatalog } from "./memory-catalog";
import { run, toText } from "./run";

/** One test of a transcript: statements that are executed on one catalog, in order. */
export interface Transcript {
  readonly title: string;
  readonly text: string;
}

/**
 * Reads a transcript file: tests start with `== title`; in them, a block is a statement (`> `, several lines are
 * one), its parameters (`? `, Ion text), the reads it causes if they matter (`~ `), and then its rows as Ion text, or
 * its error (`! code line:column message`). Lines that start with `#` are comments.
 */
export function parseTranscripts(file: string): readonly Transcript[] {
  return file
    .split(/^== /m)
    .slice(1)
    .map((test) => {
      const end = test.indexOf("\n");
      return { title: test.slice(0, end), text: test.slice(end + 1).trim() };
    });
}

/** Executes a transcript's statements and writes it anew with what really came out. */
export async function replayTranscript({ text }: Transcript): Promise<string> {
  const catalog = new MemoryCatalog();
  const blocks: string[] = [];
  for (const block of text.split(/\n{2,}/)) blocks.push(await replayBlock(block.split("\n"), catalog));
  return blocks.join("\n\n");
}

async function replayBlock(lines: readonly string[], catalog: MemoryCatalog): Promise<string> {
  const given = lines.filter((line) => /^[>?#]/.test(line));
  const statement = linesOf(given, ">").join("\n");
  if (statement === "") return given.join("\n");
  catalog.reads.length = 0;
  const result = await resultOf(() => run(catalog, statement, ...linesOf(given, "?")));
  const reads = lines.some((line) => line.startsWith("~")) ? catalog.reads.map((read) => `~ ${read}`) : [];
  return [
    ...given,
    ...(reads.length === 0 && lines.some((line) => line.startsWith("~")) ? ["~ nothing"] : reads),
    ...result,
  ].join("\n");
}

function linesOf(lines: readonly string[], mark: string): readonly string[] {
  return lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
}

async function resultOf(execute: () => Promise<readonly dom.Value[]>): Promise<readonly string[]> {
  try {
    return (await execute()).map(toText);
  } catch (error) {
    if (!(error instanceof PartiqlError)) throw error;
    const { position, code } = error;
    const place = position === undefined ? "-" : `${String(position.line)}:${String(position.column)}`;
    return [`! ${code} ${place} ${error.message.replace(/ \(line \d+, column \d+\)$/, "")}`];
  }
}
