// SPDX-License-Identifier: MIT
import type { BlockChange, HeadLock, LedgerStorage, StoredRevision } from "../src/storage/storage";

export const hashOf = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.padEnd(32, ".").slice(0, 32)));
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** The parts of a block that a test sets; the rest is filled in. */
export type BlockSketch = Partial<Omit<BlockChange, "revisions">> & {
  readonly revisions?: readonly { id: string; version: number; data?: string; tableNo?: number }[];
};

export function append(storage: LedgerStorage, ...sketches: readonly BlockSketch[]): Promise<void> {
  return storage.lockHead((lock) => appendUnder(lock, ...sketches));
}

export async function appendUnder(lock: HeadLock, ...sketches: readonly BlockSketch[]): Promise<void> {
  for (const sketch of sketches) await lock.append(toChange((lock.head?.sequenceNo ?? -1) + 1, sketch));
}

function toChange(sequenceNo: number, sketch: BlockSketch): BlockChange {
  const blockTime = sketch.blockTime ?? 1000 * sequenceNo;
  return {
    block: { sequenceNo, hash: hashOf(`block ${sequenceNo}`), ion: bytesOf(`ion ${sequenceNo}`) },
    transactionId: `transaction ${sequenceNo}`,
    blockTime,
    catalogChanges: sketch.catalogChanges ?? [],
    indexChanges: sketch.indexChanges ?? [],
    merkleNodes: sketch.merkleNodes ?? [],
    erasures: sketch.erasures ?? [],
    revisions: (sketch.revisions ?? []).map(({ id, version, data, tableNo }) => ({
      tableNo: tableNo ?? 1,
      documentId: id,
      version,
      transactionTime: blockTime,
      hash: hashOf(`${id} ${version}`),
      data: data === undefined ? undefined : bytesOf(data),
      dataHash: undefined,
    })),
  };
}

/** A block that changes no more than its revisions. */
export const noChanges = { catalogChanges: [], indexChanges: [], merkleNodes: [], erasures: [] } as const;

export const createTable = {
  kind: "create-table",
  tableNo: 1,
  tableId: "table-1",
  name: "Cars",
  tags: {},
} as const;
export const identifyTable = { kind: "identify-table", tableNo: 1, tableId: "known" } as const;
export const createIndex = {
  kind: "create-index",
  tableNo: 1,
  indexNo: 1,
  indexId: "index-1",
  field: "vin",
  unique: false,
} as const;

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function show({ documentId, version, data }: StoredRevision): string {
  return `${documentId} v${version} ${data === undefined ? "-" : Buffer.from(data).toString()}`;
}

export async function shown(items: AsyncIterable<StoredRevision>): Promise<string[]> {
  return (await collect(items)).map(show).sort();
}
