// SPDX-License-Identifier: MIT
import { type IonFrame, type IonSlice, readFrame } from "@ledger-loader/ion";
import { type DataObject, locateDataObject } from "./data-object";
import { MalformedContentError } from "../export-errors";
import { frameValues } from "./frame-values";
import { inflateIfGzipped } from "./inflate";

/**
 * Streams a data object's top-level values, inflated if it is gzipped, holding one at a time.
 *
 * Throws `InflationLimitError`, `MissingObjectError`, and `MalformedContentError` where values cannot even be told apart.
 */
export async function* readDataObject(object: DataObject, maxBlockBytes?: number): AsyncGenerator<IonFrame> {
  const located = await locateDataObject(object);
  const options = maxBlockBytes === undefined ? {} : { maxValueBytes: maxBlockBytes };
  yield* frameValues(inflateIfGzipped(located.read(), object.key), { key: object.key, ...options });
}

/** Reads a value of a data object. Throws `MalformedContentError` if it is not Ion. */
export function readObjectValue(frame: IonFrame, key: string): IonSlice {
  try {
    return readFrame(frame);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new MalformedContentError(key, frame.offset, `expected Ion: ${problem}`, { cause: error });
  }
}

/** True if a value's text begins as JSON does, with a field name in double quotes. */
export function looksLikeJson({ encoding, bytes }: IonFrame): boolean {
  return encoding === "ion-text" && /^\{\s*"/.test(Buffer.from(bytes.subarray(0, 16)).toString("latin1"));
}
