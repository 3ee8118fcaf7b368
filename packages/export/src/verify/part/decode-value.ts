// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { IonFrame, IonSlice } from "@ledger-loader/ion";
import { type Block, decodeBlock } from "@ledger-loader/journal";
import { decodeJsonBlock } from "../../read/json-block";
import { looksLikeJson, readObjectValue } from "../../read/object-reader";

/** A value of a data object, read as a block. */
export interface DecodedBlock {
  /** `undefined` if the block cannot be read: then `verifyBlock` says why. */
  readonly block: Block | undefined;
  readonly isJson: boolean;
}

/** Reads a value as a block of an Ion export, or of a JSON export. */
export function decodeValue(value: IonSlice, frame: IonFrame): DecodedBlock {
  const block = findBlock(value, decodeBlock);
  if (block !== undefined || !looksLikeJson(frame)) return { block, isJson: false };
  const fromJson = findBlock(value, decodeJsonBlock);
  return { block: fromJson, isJson: fromJson !== undefined };
}

function findBlock(value: IonSlice, decode: (value: IonSlice) => Block): Block | undefined {
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}

/** True if a value has the address of a block. */
export function holdsBlock(frame: IonFrame): boolean {
  try {
    return readObjectValue(frame, "").field("blockAddress") !== undefined;
  } catch (error) {
    if (error instanceof LedgerLoaderError) return false;
    throw error;
  }
}
