// SPDX-License-Identifier: MIT
import {
  BinaryFramer,
  FrameError,
  type Framer,
  type IonFrame,
  TextFramer,
  VERSION_MARKER,
} from "@ledger-loader/ion";
import { MalformedContentError } from "../export-errors";

/** How {@link frameValues} reads. */
export interface FrameOptions {
  /** Name of the object, for messages. */
  readonly key?: string;
  /**
   * Longest value accepted, in bytes: the bound on memory if a length or a quote is damaged.
   * @defaultValue 268435456 (256 MiB; QLDB's own limit was 4 MB per transaction)
   */
  readonly maxValueBytes?: number;
}

/** The default of {@link FrameOptions.maxValueBytes}. */
const MAX_VALUE_BYTES = 256 * 1024 * 1024;

/**
 * Cuts a stream of Ion, text or binary (told apart by the version marker), into its top-level values.
 *
 * Holds one value and one piece of the stream at a time. Throws `MalformedContentError`.
 */
export async function* frameValues(
  chunks: AsyncIterable<Uint8Array>,
  options: FrameOptions = {},
): AsyncGenerator<IonFrame> {
  for await (const frames of frameRuns(chunks, options)) yield* frames;
}

/**
 * As {@link frameValues}, but hands out the values that a piece of the stream completes together: a pause for each value would take
 * longer than to frame it. Each run MUST be read to its end before the next.
 */
export async function* frameRuns(
  chunks: AsyncIterable<Uint8Array>,
  { key = "", maxValueBytes = MAX_VALUE_BYTES }: FrameOptions = {},
): AsyncGenerator<Iterable<IonFrame>> {
  let framer: Framer | undefined;
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (framer) framer.push(chunk);
    else {
      head = new Uint8Array(Buffer.concat([head, chunk]));
      framer = chooseFramer(head, maxValueBytes);
      framer?.push(head);
    }
    if (framer) yield takeAll(framer, key);
  }
  if (!framer && head.length > 0) {
    // Shorter than a version marker: text, if anything.
    framer = new TextFramer(maxValueBytes);
    framer.push(head);
    yield takeAll(framer, key);
  }
  if (framer) endFraming(framer, key);
}

function* takeAll(framer: Framer, key: string): Generator<IonFrame> {
  try {
    for (let frame = framer.next(); frame; frame = framer.next()) yield frame;
  } catch (error) {
    throw placed(error, key);
  }
}

function endFraming(framer: Framer, key: string): void {
  try {
    framer.end();
  } catch (error) {
    throw placed(error, key);
  }
}

function placed(error: unknown, key: string): unknown {
  return error instanceof FrameError ? new MalformedContentError(key, error.offset, error.message) : error;
}

/** `undefined` while there are too few bytes to tell. */
function chooseFramer(head: Uint8Array, maxValueBytes: number): Framer | undefined {
  if (head.length < VERSION_MARKER.length) return undefined;
  const isBinary = VERSION_MARKER.every((byte, i) => head[i] === byte);
  return isBinary ? new BinaryFramer(maxValueBytes) : new TextFramer(maxValueBytes);
}
