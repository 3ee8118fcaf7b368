// SPDX-License-Identifier: MIT
import { toIonBinary } from "@ledger-loader/ion";
import {
  type Block,
  type RedactedRevision,
  type Revision,
  decodeBlock,
  encodeBlock,
  redactRevision,
} from "@ledger-loader/journal";
import type { BlockErasure, ErasedRevision, HeadLock, StoredCatalog } from "../storage/storage";
import { readIndexKey } from "./index-changes";

/**
 * Finds the erasures of a block's redactions: the blocks that hold the revisions, without their data, and what to remove from history
 * and indexes. A revision that has no data any more is left out.
 */
export async function findErasures(
  lock: HeadLock,
  catalog: StoredCatalog,
  redactions: readonly RedactedRevision[],
): Promise<readonly BlockErasure[]> {
  const numbers = new Set(redactions.map(({ blockAddress }) => blockAddress.sequenceNo));
  const erasures: BlockErasure[] = [];
  for (const sequenceNo of numbers) {
    const stored = await lock.readBlock(sequenceNo);
    if (stored === undefined) continue;
    const wanted = redactions.filter(({ blockAddress }) => blockAddress.sequenceNo === sequenceNo);
    const erasure = eraseFrom(decodeBlock(stored.ion), wanted, catalog);
    if (erasure !== undefined) erasures.push(erasure);
  }
  return erasures;
}

/** `undefined` if the block holds no data of the redacted revisions. */
function eraseFrom(
  block: Block,
  wanted: readonly RedactedRevision[],
  catalog: StoredCatalog,
): BlockErasure | undefined {
  const erased: ErasedRevision[] = [];
  const revisions = (block.revisions ?? []).map((revision) => {
    const target = wanted.find((candidate) => isRevision(revision, candidate));
    if (target === undefined || revision.data === undefined) return revision;
    const redacted = redactRevision(revision);
    erased.push(...toErased(target, revision, redacted, catalog));
    return redacted;
  });
  if (revisions.every((revision, at) => revision === block.revisions?.[at])) return undefined;
  const { sequenceNo } = block.blockAddress;
  return { sequenceNo, ion: encodeBlock({ ...block, revisions }), revisions: erased };
}

function isRevision({ metadata }: Revision, { documentId, version }: RedactedRevision): boolean {
  return metadata?.id === documentId && metadata.version === version;
}

/** None if the table is unknown, as of some revisions that Amazon QLDB wrote: then only the block holds the revision. */
function toErased(
  { tableId, documentId, version }: RedactedRevision,
  { data }: Revision,
  { dataHash }: Revision,
  catalog: StoredCatalog,
): readonly ErasedRevision[] {
  const table = catalog.find((candidate) => candidate.tableId === tableId);
  if (table === undefined || data === undefined || dataHash === undefined) return [];
  const binary = toIonBinary(data);
  const indexKeys = table.indexes.flatMap(({ indexNo, field }) => {
    const key = readIndexKey(binary, field);
    return key === undefined ? [] : [{ indexNo, key }];
  });
  return [{ tableNo: table.tableNo, documentId, version, dataHash, indexKeys }];
}
