// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import path from "node:path";
import { compareHashes, dot, merkleRoot } from "@ledger-loader/journal";
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { IonTypes, load, makeReader, type Reader } from "ion-js";

/** How far a plain verification came. */
export interface PlainVerification {
  readonly revisions: number;
  readonly bytes: number;
}

/**
 * Verifies an export as one would with AWS's libraries alone: ion-js reads the blocks, ion-hash-js hashes revisions and
 * transaction info; the rest of the rules is the same. It holds one data object in memory.
 */
export async function verifyPlainly(manifestPath: string): Promise<PlainVerification> {
  const folder = path.dirname(manifestPath);
  const keys =
    load(await readFile(manifestPath))
      ?.get("keys")
      ?.elements() ?? [];
  let previous: Hash | undefined;
  let revisions = 0;
  let bytes = 0;
  for (const key of keys) {
    const content = await readFile(path.join(folder, key.stringValue() ?? ""));
    bytes += content.length;
    const reader = makeReader(content);
    while (reader.next() !== null) {
      const block = readBlock(reader);
      check(block, previous);
      previous = block.blobs.get("blockHash");
      revisions += block.revisionHashes.length;
    }
  }
  return { revisions, bytes };
}

interface PlainBlock {
  readonly blobs: ReadonlyMap<string, Hash>;
  readonly entries: readonly Hash[];
  readonly transactionInfoHash: Hash | undefined;
  readonly revisionHashes: readonly Hash[];
}

function readBlock(reader: Reader): PlainBlock {
  const blobs = new Map<string, Hash>();
  const entries: Hash[] = [];
  const revisionHashes: Hash[] = [];
  let transactionInfoHash: Hash | undefined;
  eachField(reader, (name) => {
    if (name === "transactionInfo") transactionInfoHash = hashCurrent(reader);
    else if (name === "entriesHashList") eachElement(reader, () => entries.push(readBlob(reader)));
    else if (name === "revisions") eachElement(reader, () => revisionHashes.push(readRevision(reader)));
    else if (reader.type() === IonTypes.BLOB) blobs.set(name, readBlob(reader));
  });
  return { blobs, entries, transactionInfoHash, revisionHashes };
}

/** Returns the hash that stands in a revision, after recomputing it from its metadata and data. */
function readRevision(reader: Reader): Hash {
  const parts: Hash[] = [];
  let stated: Hash | undefined;
  eachField(reader, (name) => {
    if (name === "metadata" || name === "data") parts.push(hashCurrent(reader));
    else if (name === "hash") stated = readBlob(reader);
  });
  const computed = parts.length === 0 ? undefined : parts.reduce(dot);
  if (stated === undefined || computed === undefined || !hashesEqual(stated, computed)) {
    throw new Error("Expected the hash of every revision to recompute, found one that does not.");
  }
  return stated;
}

function check(
  { blobs, entries, transactionInfoHash, revisionHashes }: PlainBlock,
  previous: Hash | undefined,
): void {
  const entriesHash = merkleRoot(entries);
  const parts = [transactionInfoHash, revisionHashes.length > 0 ? merkleRoot(revisionHashes) : undefined];
  for (const part of parts) {
    if (part !== undefined && !entries.some((entry) => compareHashes(entry, part) === 0)) {
      throw new Error("Expected every part of a block among its entries, found one that is not.");
    }
  }
  const stated = blobs.get("previousBlockHash");
  const blockHash = stated === undefined || stated.length === 0 ? entriesHash : dot(entriesHash, stated);
  const isLinked = previous === undefined || (stated !== undefined && hashesEqual(previous, stated));
  if (!isLinked || !hashesEqual(blockHash, blobs.get("blockHash") ?? new Uint8Array(0))) {
    throw new Error(
      "Expected every block to recompute and to link to the one before, found one that does not.",
    );
  }
}

function eachField(reader: Reader, visit: (name: string) => void): void {
  eachElement(reader, () => {
    visit(reader.fieldName() ?? "");
  });
}

function eachElement(reader: Reader, visit: () => void): void {
  reader.stepIn();
  while (reader.next() !== null) visit();
  reader.stepOut();
}

function readBlob(reader: Reader): Hash {
  return reader.uInt8ArrayValue() ?? new Uint8Array(0);
}

/** Hashes the value that the reader stands on. */
function hashCurrent(reader: Reader): Hash {
  const hashReader = makeHashReader(onlyCurrent(reader), cryptoHasherProvider("sha256"));
  hashReader.next();
  hashReader.next();
  return hashReader.digest();
}

/** A view of the reader whose first `next` is the value that the reader stands on, and the second the end. */
function onlyCurrent(reader: Reader): Reader {
  const top = reader.depth();
  let isTaken = false;
  const next = (): ReturnType<Reader["next"]> => {
    if (reader.depth() > top) return reader.next();
    if (isTaken) return null;
    isTaken = true;
    return reader.type();
  };
  // The value is hashed as if it stood alone.
  const fieldName = (): string | null => (reader.depth() > top ? reader.fieldName() : null);
  return new Proxy(reader, {
    get(target, property) {
      if (property === "next") return next;
      if (property === "fieldName") return fieldName;
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}
