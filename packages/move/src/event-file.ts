// SPDX-License-Identifier: MIT
import { frameValues } from "@ledger-loader/export";
import { readFrame, toIonBinary } from "@ledger-loader/ion";

/** One delivery's worth of an event file: one event, or one list of events, as it stands there. */
export interface EventEntry {
  /** Where it begins, for people: `line 12`, `byte 4096`. */
  readonly place: string;
  readonly body: string | Uint8Array;
}

/** Ion binary begins with this marker (Ion 1.0, "Binary encoding"). */
const VERSION_MARKER = [0xe0, 0x01, 0x00, 0xea];

const NEWLINE = 0x0a;

/**
 * Cuts a file of events into entries, without judging them: what is malformed is found when an entry is decoded, so
 * that one bad entry is one bad entry.
 *
 * Text, JSON or Ion: an entry per line; a line that begins with a blank or a closing bracket continues the entry above,
 * so pretty-printed values can be read too. A line of `[` alone begins a list that ends with the next line that begins with `]`.
 * Lines of comments and Ion's version marker hold no entry. Ion binary: an entry per top-level struct.
 */
export async function* readEventEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EventEntry> {
  const { isBinary, all } = await peek(chunks);
  if (!isBinary) {
    yield* readTextEntries(all);
    return;
  }
  for await (const frame of frameValues(all, { key: "events" })) {
    yield { place: `byte ${frame.offset}`, body: toIonBinary(readFrame(frame)) };
  }
}

async function peek(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ isBinary: boolean; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < VERSION_MARKER.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { isBinary: VERSION_MARKER.every((byte, i) => head[i] === byte), all: all() };
}

async function* readTextEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EventEntry> {
  let lines: Uint8Array[] = [];
  let start = 0;
  let at = 0;
  let isList = false;
  for await (const line of readLines(chunks)) {
    at += 1;
    if (isBlank(line)) continue;
    if (lines.length > 0 && (isList || isContinuation(line))) {
      lines.push(line);
      isList &&= line[0] !== LIST_END;
      continue;
    }
    yield* textEntries(start, lines);
    lines = [line];
    start = at;
    isList = line[0] === LIST_START && isBlank(line.subarray(1));
  }
  yield* textEntries(start, lines);
}

const LIST_START = 0x5b;
const LIST_END = 0x5d;
/** Nothing but comments, and the marker that says that what follows is Ion. */
const REMARKS =
  /^\s*(?:\/\/[^\n\r]*(?:[\n\r]\s*|$)|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/\s*|\$ion_1_0(?:\s+|$))+$/;
const REMARK_STARTS = "/$ \t";

/** Bytes, not text: whether they are UTF-8 is for the decoder to say, about this entry only. */
function* textEntries(line: number, lines: readonly Uint8Array[]): Generator<EventEntry> {
  const [first] = lines;
  if (first === undefined) return;
  const bytes = Buffer.concat(lines);
  // Most lines are events, which begin otherwise.
  const mayBeRemark = REMARK_STARTS.includes(String.fromCharCode(first[0] ?? 0));
  if (mayBeRemark && REMARKS.test(bytes.toString("latin1"))) return;
  yield { place: `line ${line}`, body: new Uint8Array(bytes) };
}

/** Lines with their newline. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, to + 1)]);
      rest = [];
      from = to + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function isContinuation(line: Uint8Array): boolean {
  return " \t]})".includes(String.fromCharCode(line[0] ?? 0));
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
