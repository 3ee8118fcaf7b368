// SPDX-License-Identifier: MIT
import { transcodeToBinary } from "@ledger-loader/journal";
import { type DataObject, locateDataObject } from "./data-object";
import { MalformedContentError } from "./export-errors";
import { frameValues } from "./frame-values";
import type { IonFrame } from "./ion-frame";

/** One top-level value of a data object, which should be a block. */
export interface ObjectValue {
  /** Position in the object, in bytes. */
  readonly offset: number;
  /** Bytes it takes in the object. */
  readonly size: number;
  readonly encoding: IonFrame["encoding"];
  /** The value as self-contained Ion binary. */
  readonly ion: Uint8Array;
  /** Whether its text begins as JSON does, with a field name in double quotes. */
  readonly looksLikeJson: boolean;
}

/**
 * Streams a data object's top-level values, holding one at a time.
 *
 * Throws `MissingObjectError`, and `MalformedContentError` where the content is not Ion.
 */
export async function* readDataObject(
  object: DataObject,
  maxBlockBytes?: number,
): AsyncGenerator<ObjectValue> {
  const located = await locateDataObject(object);
  const options = {
    key: object.key,
    ...(maxBlockBytes === undefined ? {} : { maxValueBytes: maxBlockBytes }),
  };
  for await (const frame of frameValues(located.read(), options)) yield toObjectValue(frame, object.key);
}

function toObjectValue({ bytes, offset, size, encoding }: IonFrame, key: string): ObjectValue {
  if (encoding === "ion-binary") return { offset, size, encoding, ion: bytes, looksLikeJson: false };
  try {
    return { offset, size, encoding, ion: transcodeToBinary(bytes), looksLikeJson: startsLikeJson(bytes) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new MalformedContentError(key, offset, `expected Ion text: ${problem}`, { cause: error });
  }
}

function startsLikeJson(text: Uint8Array): boolean {
  return /^\{\s*"/.test(Buffer.from(text.subarray(0, 16)).toString("latin1"));
}
