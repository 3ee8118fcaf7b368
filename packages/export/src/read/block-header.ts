// SPDX-License-Identifier: MIT
import { type IonSlice, formatTimestamp, readSingleValue } from "@ledger-loader/ion";
import { ExportWriteError } from "../export-errors";

/** The fields that place a block in an export. */
export interface BlockHeader {
  readonly strandId: string;
  readonly sequenceNo: number;
  readonly time: Date;
}

/** Reads a block's address and time, and nothing else of it. Throws `ExportWriteError` if it has none. */
export function readBlockHeader(ion: Uint8Array): BlockHeader {
  try {
    const block = readSingleValue(ion);
    const address = read(block, "blockAddress");
    const time = new Date(formatTimestamp(read(block, "blockTimestamp")));
    if (Number.isNaN(time.getTime())) throw new TypeError("no time in blockTimestamp");
    return {
      strandId: read(address, "strandId").stringValue(),
      sequenceNo: read(address, "sequenceNo").intValue(),
      time,
    };
  } catch (error) {
    throw new ExportWriteError(
      `Expected a block with blockAddress and blockTimestamp, found ${String(error)}. Append blocks of a journal.`,
      { cause: error },
    );
  }
}

function read(struct: IonSlice, name: string): IonSlice {
  const field = struct.field(name);
  if (!field || field.isNull) throw new TypeError(`no ${name}`);
  return field;
}
