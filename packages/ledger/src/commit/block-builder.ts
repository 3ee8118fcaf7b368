// SPDX-License-Identifier: MIT
import {
  type Block,
  type BlockAddress,
  type DocumentInfo,
  type Revision,
  buildBlock,
  buildRevision,
  encodeBlock,
  encodeRedactionInfo,
  encodeTransactionInfo,
} from "@ledger-loader/journal";
import type { IonSlice } from "@ledger-loader/ion";
import type { Clock } from "../clock";
import type {
  BlockChange,
  Head,
  HeadLock,
  LedgerDescription,
  LedgerStorage,
  RevisionChange,
  StoredCatalog,
} from "../storage/storage";
import type { PendingDocument } from "../storage/pending-document";
import type { ClockLag } from "./clock-lag";
import { applyToCatalog } from "../storage/apply-to-catalog";
import type { CommitCandidate } from "./commit-queue";
import { findErasures } from "./erasures";
import { findIndexChanges } from "./index-changes";
import { MerkleNodeBuilder } from "./merkle-nodes";

/** Where and when a block comes to stand. */
interface BlockPlace {
  readonly blockAddress: BlockAddress;
  readonly transactionId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Turns valid transactions into blocks and what follows from them. */
export class BlockBuilder {
  readonly #ledger: LedgerDescription;
  readonly #clock: Clock;
  readonly #lag: ClockLag;
  readonly #merkle: MerkleNodeBuilder;

  constructor(storage: LedgerStorage, ledger: LedgerDescription, clock: Clock, lag: ClockLag) {
    this.#lag = lag;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#merkle = new MerkleNodeBuilder(storage);
  }

  /** The block of one transaction, to follow the newest one, or to begin the journal. */
  async build(lock: HeadLock, candidate: CommitCandidate): Promise<BlockChange> {
    const { head } = lock;
    const place = this.#place(head, candidate);
    const catalog = applyToCatalog(await lock.readCatalog(), candidate.catalogChanges);
    const changed = candidate.documents.filter(leavesRevision);
    const revisions = changed.map((document) => toRevision(document, place));
    const block = buildBlock({
      ...toHeader(place),
      previousBlockHash: head?.blockHash,
      transactionInfo: toTransactionInfo(candidate, changed, catalog),
      ...(candidate.redactions.length > 0 && { redactionInfo: encodeRedactionInfo(candidate.redactions) }),
      revisions,
    });
    const documents = changed.map(({ tableNo, documentId, base, content }) => ({
      tableNo,
      documentId,
      before: base?.data,
      after: content?.ion,
    }));
    return this.#toChange(head, place, block, {
      catalogChanges: candidate.catalogChanges,
      revisions: changed.map((document, at) => toRevisionChange(document, revisions[at], place.time)),
      indexChanges: await findIndexChanges(lock, catalog, candidate.catalogChanges, documents),
      erasures: await findErasures(lock, catalog, candidate.redactions),
    });
  }

  /** Clocks go back; the journal's time must not, and no statement can have begun after its commit. */
  #place(head: Head | undefined, { transactionId, statements }: CommitCandidate): BlockPlace {
    const { strandId, creationTime } = this.#ledger;
    const sequenceNo = head === undefined ? 0 : head.sequenceNo + 1;
    const lastStart = statements.at(-1)?.startTime ?? 0;
    const now = this.#clock();
    this.#lag.observe(now, head);
    const time = Math.max(now, head?.blockTime ?? creationTime, lastStart);
    return { blockAddress: { strandId, sequenceNo }, transactionId, time };
  }

  async #toChange(
    head: Head | undefined,
    { blockAddress, transactionId, time }: BlockPlace,
    block: Block,
    derived: Pick<BlockChange, "catalogChanges" | "revisions" | "indexChanges" | "erasures">,
  ): Promise<BlockChange> {
    const { sequenceNo } = blockAddress;
    return {
      block: { sequenceNo, hash: block.blockHash, ion: encodeBlock(block) },
      transactionId,
      blockTime: time,
      merkleNodes: await this.#merkle.append(head, block.blockHash),
      ...derived,
    };
  }
}

/** A document that was inserted and deleted in one transaction was never there: it leaves no trace but the statements. */
function leavesRevision({ base, content }: PendingDocument): boolean {
  return base !== undefined || content !== undefined;
}

function toHeader({
  blockAddress,
  transactionId,
  time,
}: BlockPlace): Pick<Block, "blockAddress" | "transactionId" | "blockTimestamp"> {
  return { blockAddress, transactionId, blockTimestamp: toTimestampText(time) };
}

function toRevision({ documentId, base, content }: PendingDocument, place: BlockPlace): Revision {
  const metadata = {
    id: documentId,
    version: base === undefined ? 0 : base.version + 1,
    txTime: toTimestampText(place.time),
    txId: place.transactionId,
  };
  const { blockAddress } = place;
  if (content === undefined) return buildRevision({ blockAddress, metadata });
  return buildRevision({ blockAddress, metadata, data: content.ion, hashOfData: content.hash });
}

function toRevisionChange(
  document: PendingDocument,
  revision: Revision | undefined,
  time: number,
): RevisionChange {
  if (revision?.metadata === undefined) throw new Error("Expected a revision for every changed document.");
  return {
    tableNo: document.tableNo,
    documentId: document.documentId,
    version: revision.metadata.version,
    transactionTime: time,
    hash: revision.hash,
    data: document.content?.ion,
    dataHash: undefined,
  };
}

function toTransactionInfo(
  { statements }: CommitCandidate,
  documents: readonly PendingDocument[],
  catalog: StoredCatalog,
): IonSlice {
  const infos = documents.map(({ documentId, tableNo, statements: indexes }): [string, DocumentInfo] => {
    const table = catalog[tableNo - 1];
    if (table === undefined) throw new Error("Expected a changed document to be in a table of the catalog.");
    return [documentId, { tableName: table.name, tableId: table.tableId, statements: indexes }];
  });
  return encodeTransactionInfo({
    statements: statements.map(({ statement, startTime, digest }) => ({
      statement,
      startTime: toTimestampText(startTime),
      statementDigest: digest,
    })),
    documents: infos.length === 0 ? undefined : new Map(infos),
  });
}

/** Ion text in UTC with three fractional digits, which count: they are hashed. */
function toTimestampText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
