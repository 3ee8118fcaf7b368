// SPDX-License-Identifier: MIT
import {
  type Block,
  type Revision,
  buildBlock,
  buildRevision,
  encodeTransactionInfo,
  redactRevision,
  statementDigest,
} from "@ledger-loader/journal";
import { encodeIon, sha256 } from "@ledger-loader/ion";
import { dom } from "ion-js";

export const STRAND_ID = "KmA3ZZca7vAIiJAK9S5Iwl";

/** The parts of a block that a test sets. */
export interface BlockSpec {
  readonly documents?: readonly ("insert" | "delete" | "redacted" | "hash-only")[];
  readonly withoutTransactionInfo?: boolean;
}

/** Builds a chain of blocks as our own ledger makes them. */
export function aJournal(specs: readonly BlockSpec[]): Block[] {
  const blocks: Block[] = [];
  for (const spec of specs) blocks.push(aBlock(spec, blocks.at(-1)));
  return blocks;
}

/** Builds one block after `previous`. */
export function aBlock(spec: BlockSpec = {}, previous?: Block): Block {
  const sequenceNo = previous === undefined ? 0 : previous.blockAddress.sequenceNo + 1;
  const blockAddress = { strandId: STRAND_ID, sequenceNo };
  const transactionId = `tx${String(sequenceNo).padStart(20, "0")}`;
  const documents = spec.documents ?? ["insert"];
  const time = (ms: number): string => new Date(Date.UTC(2024, 1, 29, 12, 0, sequenceNo, ms)).toISOString();
  const idOf = (index: number): string => `doc${String(index).padStart(19, "0")}`;
  const revisions = documents.map((kind, index): Revision => {
    if (kind === "hash-only") return { hash: sha256(Buffer.from(`system ${sequenceNo}/${index}`)) };
    const metadata = { id: idOf(index), version: sequenceNo, txTime: time(20), txId: transactionId };
    if (kind === "delete") return buildRevision({ blockAddress, metadata });
    const data = encodeIon(dom.Value.from({ name: `document ${index}`, price: 90.25, tags: ["a", "b"] }));
    const revision = buildRevision({ blockAddress, metadata, data });
    return kind === "redacted" ? redactRevision(revision) : revision;
  });
  const named = documents.flatMap((kind, index) => (kind === "hash-only" ? [] : [idOf(index)]));
  const statement = "INSERT INTO T ?";
  const transactionInfo = encodeTransactionInfo({
    statements: [{ statement, startTime: time(10), statementDigest: statementDigest(statement) }],
    documents:
      named.length === 0
        ? undefined
        : new Map(
            named.map((id) => [id, { tableName: "T", tableId: "1SUXCa3wwV0GD7kV78RbSg", statements: [0] }]),
          ),
  });
  return buildBlock({
    blockAddress,
    transactionId,
    blockTimestamp: time(30),
    previousBlockHash: previous?.blockHash,
    ...(spec.withoutTransactionInfo === true ? {} : { transactionInfo }),
    revisions,
  });
}
