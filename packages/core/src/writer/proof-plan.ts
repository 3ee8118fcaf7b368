// SPDX-License-Identifier: MIT

/** One revision to be read from a table's history. */
export interface RevisionRef {
  readonly documentId: string;
  readonly version: number;
}

/** One read: every combination of these documents and versions. */
export interface ProofRead {
  readonly documentIds: readonly string[];
  readonly versions: readonly number[];
}

/** How many combinations a read may ask for per revision that is wanted. */
const WASTE_MAX = 3;
/** How many combinations cost less than another round trip. */
const CHEAP = 64;

/**
 * Groups revisions into few reads, as history can only be asked for documents times versions.
 *
 * Documents of which similar versions are wanted are read together, until too much unwanted would come along.
 */
export function planProofReads(wanted: readonly RevisionRef[]): readonly ProofRead[] {
  const versionsOf = new Map<string, Set<number>>();
  for (const { documentId, version } of wanted) {
    const versions = versionsOf.get(documentId) ?? new Set();
    versionsOf.set(documentId, versions.add(version));
  }
  const documents = [...versionsOf].sort(([, a], [, b]) => Math.min(...a) - Math.min(...b));
  const reads: { documentIds: string[]; versions: Set<number>; wanted: number }[] = [];
  for (const [documentId, versions] of documents) {
    const last = reads.at(-1);
    const union = new Set([...(last?.versions ?? []), ...versions]);
    const asked = union.size * ((last?.documentIds.length ?? 0) + 1);
    if (last !== undefined && asked <= Math.max(CHEAP, WASTE_MAX * (last.wanted + versions.size))) {
      last.documentIds.push(documentId);
      last.versions = union;
      last.wanted += versions.size;
    } else {
      reads.push({ documentIds: [documentId], versions, wanted: versions.size });
    }
  }
  return reads.map(({ documentIds, versions }) => ({ documentIds, versions: [...versions] }));
}
