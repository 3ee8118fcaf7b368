// SPDX-License-Identifier: MIT
import { printable } from "@ledger-loader/errors";
import { decodeBlock } from "@ledger-loader/journal";
import type { IonFrame } from "@ledger-loader/ion";
import type { DataObject } from "./data-object";
import type { DataObjectName, SequenceRange } from "./data-object-name";
import { MalformedContentError, NotContiguousError, UnsupportedFormatError } from "../export-errors";
import { type ExportedBlock, toExportedBlock } from "./exported-block";
import { looksLikeJson, readDataObject, readObjectValue } from "./object-reader";

/** The source of blocks: see `JournalExport`. */
interface BlockSource {
  readonly objects: readonly DataObject[];
  readonly strandId: string | undefined;
  readonly options: { readonly maxBlockBytes?: number };
}

/** See `JournalExport.blocks`. */
export async function* readBlocks(
  { objects, strandId, options }: BlockSource,
  { first = 0, last = Number.MAX_SAFE_INTEGER }: Partial<SequenceRange> = {},
): AsyncGenerator<ExportedBlock> {
  let previous: DataObjectName | undefined;
  for (const object of objects) {
    const name = requireNextName(object, previous, strandId);
    previous = name;
    if (name.last < first || name.first > last) continue;
    for await (const block of readObjectBlocks(object, name, options.maxBlockBytes)) {
      const { sequenceNo } = block.blockAddress;
      if (sequenceNo > last) return;
      if (sequenceNo >= first) yield block;
    }
  }
}

/** The object's name, which MUST follow the one before it. */
function requireNextName(
  { key, name }: DataObject,
  previous: DataObjectName | undefined,
  strandId: string | undefined,
): DataObjectName {
  if (name && name.strandId === strandId && name.first === (previous ? previous.last + 1 : name.first))
    return name;
  const expected = `<prefix>…/${strandId ?? "<strandId>"}.${previous ? previous.last + 1 : "<first>"}-<last>.ion`;
  throw new NotContiguousError(
    `Expected a data object named ${expected}, found ${printable(JSON.stringify(key))}. ` +
      "The manifest was changed or is no journal export's: fetch it again, or run verification to see more.",
  );
}

/** Streams an object's blocks and holds them to what its name says. */
async function* readObjectBlocks(
  object: DataObject,
  name: DataObjectName,
  maxBlockBytes: number | undefined,
): AsyncGenerator<ExportedBlock> {
  let next = name.first;
  let end = 0;
  for await (const frame of readDataObject(object, maxBlockBytes)) {
    const block = readBlock(frame, object.key);
    const { strandId, sequenceNo } = block.blockAddress;
    if (strandId !== name.strandId || sequenceNo !== next || next > name.last) {
      const expected = next > name.last ? "its end" : `block ${next} of strand ${name.strandId}`;
      throw new MalformedContentError(
        object.key,
        frame.offset,
        `expected ${expected} by its name, found block ${sequenceNo} of strand ${strandId}`,
      );
    }
    yield block;
    next++;
    end = frame.offset + frame.size;
  }
  if (next <= name.last) {
    throw new MalformedContentError(
      object.key,
      end,
      `expected block ${next} by the object's name, found its end`,
    );
  }
}

function readBlock(frame: IonFrame, key: string): ExportedBlock {
  const value = readObjectValue(frame, key);
  try {
    return toExportedBlock(decodeBlock(value), key, frame.size);
  } catch (error) {
    if (looksLikeJson(frame)) throw jsonContent(key);
    const problem = error instanceof Error ? error.message : String(error);
    throw new MalformedContentError(key, frame.offset, `expected a block: ${problem}`, { cause: error });
  }
}

/** The error for an object that holds JSON, whatever it is named. */
function jsonContent(key: string): UnsupportedFormatError {
  return new UnsupportedFormatError(
    `Expected blocks in Ion in ${key}, found JSON, which has lost the types that the hashes cover. ` +
      "Use an export of the same blocks with OutputFormat ION_TEXT or ION_BINARY.",
  );
}
