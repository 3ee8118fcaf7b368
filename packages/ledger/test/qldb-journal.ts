// SPDX-License-Identifier: MIT
import { hashIonString, transcodeToBinary } from "@ledger-loader/ion";
import {
  type Block,
  type DocumentInfo,
  type RedactedRevision,
  type Revision,
  blockHashOf,
  buildBlock,
  buildRevision,
  deleteRevisionHash,
  encodeRedactionInfo,
  encodeTransactionInfo,
  entriesHashOf,
  statementDigest,
} from "@ledger-loader/journal";

/** One document that a transaction changes; without `text` the document is deleted. */
export interface DocumentSketch {
  readonly id: string;
  readonly table: { readonly name: string; readonly id: string };
  readonly text?: string;
  /** True to leave the table out of `transactionInfo`. */
  readonly isTableUntold?: boolean;
}

/** One transaction of a journal of Amazon QLDB. */
export interface TransactionSketch {
  readonly statements?: readonly string[];
  readonly documents?: readonly DocumentSketch[];
  /** How many revisions of QLDB's own, which hold only a hash. */
  readonly hashOnly?: number;
  readonly redacts?: readonly Omit<RedactedRevision, "blockAddress">[];
  /** True for a block of QLDB's own, without `transactionInfo`. */
  readonly isSystem?: boolean;
}

/** An id of 22 characters, as all of QLDB's ids. A number at the end of `text` needs a letter behind it: zeros follow. */
export function qldbId(text: string): string {
  return text.padEnd(22, "0");
}

/**
 * A journal as Amazon QLDB wrote it: entries 0 and 2 are opaque, a transaction's time is before its block's, and
 * revisions of QLDB's own hold only a hash. Deletions are hashed by the second reading of the rules.
 */
export class QldbJournal {
  readonly strandId: string = qldbId("Strand");
  readonly blocks: Block[] = [];
  readonly #versions = new Map<string, number>();
  readonly #places = new Map<string, number>();

  commit(sketch: TransactionSketch): this {
    const sequenceNo = this.blocks.length;
    const blockAddress = { strandId: this.strandId, sequenceNo };
    const seconds = (at: number): string =>
      new Date(1_600_000_000_000 + sequenceNo * 1000 + at).toISOString();
    const transactionId = qldbId(`Tx${sequenceNo}x`);
    const { documents = [], statements = [], redacts } = sketch;
    const revisions = [
      ...documents.map((document) => this.#revision(document, sequenceNo, transactionId, seconds(990))),
      ...Array.from({ length: sketch.hashOnly ?? 0 }, (_, at): Revision => ({
        hash: hashIonString(`system ${sequenceNo} ${at}`),
      })),
    ];
    const redactionInfo = redacts?.map((revision) => ({
      ...revision,
      blockAddress: { strandId: this.strandId, sequenceNo: this.#placeOf(revision) },
    }));
    const block = buildBlock({
      blockAddress,
      transactionId,
      blockTimestamp: seconds(999),
      previousBlockHash: this.blocks.at(-1)?.blockHash,
      ...(sketch.isSystem === true
        ? {}
        : { transactionInfo: transactionInfo(statements, documents, seconds(900)) }),
      ...(redactionInfo && { redactionInfo: encodeRedactionInfo(redactionInfo) }),
      revisions,
    });
    this.blocks.push(withOpaqueEntries(block));
    return this;
  }

  #revision({ id, text }: DocumentSketch, sequenceNo: number, txId: string, txTime: string): Revision {
    const version = (this.#versions.get(id) ?? -1) + 1;
    this.#versions.set(id, version);
    this.#places.set(`${id} ${version}`, sequenceNo);
    const blockAddress = { strandId: this.strandId, sequenceNo };
    const draft = { blockAddress, metadata: { id, version, txTime, txId } };
    if (text !== undefined) return buildRevision({ ...draft, data: transcodeToBinary(text) });
    const deletion = buildRevision(draft);
    return { ...deletion, hash: deleteRevisionHash(deletion.metadataIon!, "metadata-only") };
  }

  #placeOf({ documentId, version }: Pick<RedactedRevision, "documentId" | "version">): number {
    const place = this.#places.get(`${documentId} ${version}`);
    if (place === undefined) throw new Error("Expected to redact a revision of the journal.");
    return place;
  }
}

function transactionInfo(
  statements: readonly string[],
  documents: readonly DocumentSketch[],
  startTime: string,
): ReturnType<typeof encodeTransactionInfo> {
  const told = documents.filter(({ isTableUntold }) => isTableUntold !== true);
  const infos = told.map(({ id, table }): [string, DocumentInfo] => [
    id,
    { tableName: table.name, tableId: table.id, statements: [0] },
  ]);
  return encodeTransactionInfo({
    statements: statements.map((statement) => ({
      statement,
      startTime,
      statementDigest: statementDigest(statement),
    })),
    documents: infos.length === 0 ? undefined : new Map(infos),
  });
}

/** The block with hashes of unknown content in the two places where QLDB's blocks have such. */
function withOpaqueEntries(block: Block): Block {
  const opaque = new Set([0, block.revisions === undefined ? 1 : 2]);
  const entriesHashList = block.entriesHashList.map((entry, index) =>
    opaque.has(index) ? hashIonString(`opaque ${block.blockAddress.sequenceNo} ${index}`) : entry,
  );
  const entriesHash = entriesHashOf(entriesHashList);
  const blockHash = blockHashOf(entriesHash, block.previousBlockHash);
  return { ...block, entriesHashList, entriesHash, blockHash };
}
