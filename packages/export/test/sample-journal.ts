// SPDX-License-Identifier: MIT
import {
  type Block,
  type BlockAddress,
  type DocumentInfo,
  MerkleTree,
  type Revision,
  blockHashOf,
  buildBlock,
  buildRevision,
  encodeRedactionInfo,
  encodeTransactionInfo,
  entriesHashOf,
  redactRevision,
  statementDigest,
} from "@ledger-loader/journal";
import { type Hash, hashIonString, transcodeToBinary } from "@ledger-loader/ion";
import * as fc from "fast-check";
import { arbitraryDocumentText } from "@ledger-loader/testkit";

export const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";

/** The change of one document in a block. */
export interface PlannedRevision {
  readonly document: number;
  readonly kind: "data" | "delete" | "redacted" | "hash-only";
  readonly text: string;
}

/** The revisions of one block; `undefined` for a block without transaction. */
export type PlannedBlock = readonly PlannedRevision[] | undefined;

export interface JournalPlan {
  readonly first: number;
  /** True if the blocks are as our ledger makes them, false as QLDB did, with opaque entries. */
  readonly sealed: boolean;
  readonly blocks: readonly PlannedBlock[];
}

const arbitraryRevision: fc.Arbitrary<PlannedRevision> = fc.record({
  document: fc.integer({ min: 0, max: 4 }),
  kind: fc.constantFrom("data", "data", "data", "delete", "redacted", "hash-only"),
  text: arbitraryDocumentText,
});

const oneRevisionPerDocument = {
  selector: (revision: PlannedRevision): number => revision.document,
  maxLength: 4,
};

/** Plans of short journals with blocks and revisions of every kind; two deletions are always among them. */
export const arbitraryPlan: fc.Arbitrary<JournalPlan> = fc
  .record({
    first: fc.constantFrom(0, 0, 1, 7, 100),
    sealed: fc.boolean(),
    blocks: fc.array(
      fc.oneof(
        { weight: 1, arbitrary: fc.constant(undefined) },
        { weight: 4, arbitrary: fc.uniqueArray(arbitraryRevision, oneRevisionPerDocument) },
      ),
      { maxLength: 4 },
    ),
  })
  .map((plan) => ({ ...plan, blocks: [...plan.blocks, [deletion(5)], [deletion(6)]] }));

const deletion = (document: number): PlannedRevision => ({ document, kind: "delete", text: "{}" });

/** Makes the blocks of a plan, chained, all within one hour. */
export function buildJournal(
  { first, sealed, blocks }: JournalPlan,
  before = hashIonString("the block before"),
): Block[] {
  const versions = new Map<number, number>();
  let previous: Hash | undefined = first === 0 ? undefined : before;
  return blocks.map((revisions, index) => {
    const block = buildPlanned(
      { strandId: STRAND, sequenceNo: first + index },
      revisions,
      previous,
      versions,
    );
    const made = sealed ? block : withOpaqueEntries(block);
    previous = made.blockHash;
    return made;
  });
}

/** The digest of a journal that begins with block 0. */
export function digestOf(blocks: readonly Block[]): Hash {
  const tree = new MerkleTree();
  for (const { blockHash } of blocks) tree.append(blockHash);
  return tree.root();
}

/** Makes a document id; some begin with a digit, as QLDB's do. */
export const documentId = (document: number): string =>
  `${document % 2 === 0 ? "D" : "6"}${document}${"x".repeat(20)}`;

let last: { readonly text: string; readonly ion: Uint8Array } | undefined;

/** Large journals repeat one document: it is converted once. */
function toIon(text: string): Uint8Array {
  if (last?.text !== text) last = { text, ion: transcodeToBinary(text) };
  return last.ion;
}

function buildPlanned(
  blockAddress: BlockAddress,
  planned: PlannedBlock,
  previousBlockHash: Hash | undefined,
  versions: Map<number, number>,
): Block {
  const second = String(blockAddress.sequenceNo % 60).padStart(2, "0");
  const transactionId = `Tx${String(blockAddress.sequenceNo).padStart(20, "0")}`;
  const txTime = `2020-06-01T10:00:${second}.100Z`;
  const shared = {
    blockAddress,
    transactionId,
    blockTimestamp: `2020-06-01T10:00:${second}.230Z`,
    previousBlockHash,
  };
  if (!planned) return buildBlock(shared);
  const revisions = planned.map(({ document, kind, text }): Revision => {
    if (kind === "hash-only") return { hash: hashIonString(text) };
    const version = versions.get(document) ?? 0;
    versions.set(document, version + 1);
    const metadata = { id: documentId(document), version, txTime, txId: transactionId };
    const draft = { blockAddress, metadata };
    if (kind === "delete") return buildRevision(draft);
    const revision = buildRevision({ ...draft, data: toIon(text) });
    return kind === "redacted" ? redactRevision(revision) : revision;
  });
  const documents = new Map(
    planned.flatMap(({ kind, document }): [string, DocumentInfo][] =>
      kind === "hash-only"
        ? []
        : [[documentId(document), { tableName: "T1", tableId: "Table1", statements: [0] }]],
    ),
  );
  const statement = `UPDATE T1 SET a = ${blockAddress.sequenceNo}`;
  const transactionInfo = encodeTransactionInfo({
    statements: [{ statement, startTime: txTime, statementDigest: statementDigest(statement) }],
    documents: documents.size > 0 ? documents : undefined,
  });
  const redaction = { blockAddress, tableId: "Table1", documentId: documentId(0), version: 0 };
  const redactionInfo = planned.length === 0 ? { redactionInfo: encodeRedactionInfo([redaction]) } : {};
  return buildBlock({ ...shared, transactionInfo, revisions, ...redactionInfo });
}

/** The block with hashes of unknown content where our ledger's are, as in QLDB's blocks. */
function withOpaqueEntries(block: Block): Block {
  const opaque = new Set([0, block.revisions ? 2 : 1]);
  const entriesHashList = block.entriesHashList.map((entry, index) =>
    opaque.has(index) ? hashIonString(`opaque ${block.blockAddress.sequenceNo} ${index}`) : entry,
  );
  const entriesHash = entriesHashOf(entriesHashList);
  return {
    ...block,
    entriesHashList,
    entriesHash,
    blockHash: blockHashOf(entriesHash, block.previousBlockHash),
  };
}
