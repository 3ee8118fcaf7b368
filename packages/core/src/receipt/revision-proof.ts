// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { LedgerAnswerError } from "../errors";
import { quoteIdentifier, type TableName } from "../event/identifier";
import type { RevisionPlace } from "../event/outcome";
import type { Ledger } from "../ledger/ledger";
import { planProofReads } from "../writer/proof-plan";

/** A revision of a table that is looked for. */
export interface WantedRevision extends RevisionPlace {
  readonly table: TableName;
}

/** The ledger's names of a revision: what `GetRevision` is asked with, and the hash that a proof leads from. */
export interface RevisionProof extends RevisionPlace {
  readonly blockAddress: { readonly strandId: string; readonly sequenceNo: number };
  /** In base64. */
  readonly hash: string;
  readonly txId?: string;
}

/** Names a revision among those read. */
export function proofKey({ documentId, version }: RevisionPlace): string {
  return `${documentId} ${version}`;
}

/** Reads block address and hash of revisions from the tables' histories; those that the ledger does not hold are left out. */
export async function readRevisionProofs(
  ledger: Ledger,
  wanted: readonly WantedRevision[],
): Promise<ReadonlyMap<string, RevisionProof>> {
  if (wanted.length === 0) return new Map();
  const tables = new Set(wanted.map(({ table }) => table));
  return ledger.transact(async (transaction) => {
    const found = new Map<string, RevisionProof>();
    for (const table of tables) {
      for (const { documentIds, versions } of planProofReads(wanted.filter((each) => each.table === table))) {
        const rows = await transaction.execute(
          "SELECT h.blockAddress AS blockAddress, h.hash AS hash, h.metadata AS metadata " +
            `FROM history(${quoteIdentifier(table)}) AS h WHERE h.metadata.id IN ? AND h.metadata.version IN ?`,
          toList(documentIds),
          toList(versions),
        );
        for (const proof of rows.map(toProof)) found.set(proofKey(proof), proof);
      }
    }
    return found;
  });
}

function toProof(row: dom.Value): RevisionProof {
  const documentId = row.get("metadata", "id")?.stringValue();
  const version = row.get("metadata", "version")?.numberValue();
  const strandId = row.get("blockAddress", "strandId")?.stringValue();
  const sequenceNo = row.get("blockAddress", "sequenceNo")?.numberValue();
  const hash = row.get("hash");
  const bytes = hash?.getType() === IonTypes.BLOB ? hash.uInt8ArrayValue() : null;
  const txId = row.get("metadata", "txId")?.stringValue();
  if (
    typeof documentId !== "string" ||
    typeof version !== "number" ||
    typeof strandId !== "string" ||
    typeof sequenceNo !== "number" ||
    bytes === null
  )
    throw new LedgerAnswerError(
      "metadata, block address and hash in every row of history",
      "a row without them",
    );
  return {
    documentId,
    version,
    blockAddress: { strandId, sequenceNo },
    hash: Buffer.from(bytes).toString("base64"),
    ...(typeof txId === "string" ? { txId } : {}),
  };
}

function toList(values: readonly (string | number)[]): dom.List {
  return new dom.List(values.map((value): dom.Value => dom.Value.from(value)));
}
