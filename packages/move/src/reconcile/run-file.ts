// SPDX-License-Identifier: MIT
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

/** An item as a line of JSON, with the key that it is sorted by. */
export interface SortedLine {
  readonly key: string;
  readonly json: string;
}

/** Characters that are written, and bytes that are read, in one go. */
const WRITE_CHARACTERS = 64 * 1024;
const READ_BYTES = 32 * 1024;

/** Writes a sorted run to a new file, for this user alone: the lines are fingerprints of private documents. */
export async function writeRun(path: string, lines: AsyncIterable<SortedLine>): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    let text = "";
    for await (const { json } of lines) {
      text += `${json}\n`;
      if (text.length < WRITE_CHARACTERS) continue;
      await handle.write(text);
      text = "";
    }
    await handle.write(text);
  } finally {
    await handle.close();
  }
}

/** Reads a run as pages of lines, one buffer at a time. */
export async function* readRun(path: string, keyOf: (json: string) => string): AsyncGenerator<SortedLine[]> {
  let rest = "";
  const chunks = createReadStream(path, { encoding: "utf8", highWaterMark: READ_BYTES });
  for await (const chunk of chunks as AsyncIterable<string>) {
    const texts = (rest + chunk).split("\n");
    rest = texts.pop() ?? "";
    if (texts.length > 0) yield texts.map((json) => ({ key: keyOf(json), json }));
  }
}
