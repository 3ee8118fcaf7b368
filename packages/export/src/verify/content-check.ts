// SPDX-License-Identifier: MIT
import {
  type Block,
  type DocumentInfo,
  MalformedBlockError,
  decodeTransactionInfo,
} from "@ledger-loader/journal";
import { revisionKind } from "../read/exported-block";
import type { FindingLog } from "./finding-log";
import type { RevisionCounts, TableCount } from "./verification-report";

/** Counts what blocks hold, and checks that transactions and revisions tell the same. */
export class ContentCheck {
  readonly #log: FindingLog;
  readonly #tables = new Map<string, TableCount>();
  readonly revisions: RevisionCounts = { data: 0, delete: 0, redacted: 0, "hash-only": 0 };

  constructor(log: FindingLog) {
    this.#log = log;
  }

  /** The tables, in the order of their first revisions. */
  get tables(): TableCount[] {
    return [...this.#tables.values()];
  }

  add(block: Block, key: string): void {
    const documents = this.#readDocuments(block, key);
    const seen = new Set<string>();
    for (const revision of block.revisions ?? []) {
      this.revisions[revisionKind(revision)]++;
      if (!revision.metadata) continue;
      const { id, version } = revision.metadata;
      seen.add(id);
      const document = documents?.get(id);
      if (document) this.#count(document);
      else if (!documents) this.#unknownTable(block, key, id, version);
    }
    for (const id of documents?.keys() ?? []) if (!seen.has(id)) this.#noRevision(block, key, id);
  }

  #readDocuments({ transactionInfo, blockAddress }: Block, key: string): TransactionDocuments {
    if (!transactionInfo) return undefined;
    try {
      return decodeTransactionInfo(transactionInfo).documents;
    } catch (error) {
      if (!(error instanceof MalformedBlockError)) throw error;
      this.#log.add({
        rule: "malformed-block",
        severity: "failed",
        message: error.message,
        blockAddress,
        field: error.field,
        key,
      });
      return undefined;
    }
  }

  #count({ tableId, tableName }: DocumentInfo): void {
    const table = this.#tables.get(tableId) ?? { tableId, tableName, revisions: 0 };
    table.revisions++;
    this.#tables.set(tableId, table);
  }

  #unknownTable({ blockAddress }: Block, key: string, documentId: string, version: number): void {
    this.#log.add({
      rule: "revision-table",
      severity: "incomplete",
      message:
        `Block ${blockAddress.sequenceNo}, document ${documentId}, version ${version}: ` +
        "expected its table in transactionInfo.documents, found none named there.",
      blockAddress,
      field: "transactionInfo.documents",
      documentId,
      version,
      key,
    });
  }

  /**
   * Without any revision, no entry would be missed: a block whose revisions were taken out whole still recomputes. With
   * some, their root is among the entries, so that none was taken out: then it is only unusual.
   */
  #noRevision({ blockAddress, revisions = [] }: Block, key: string, documentId: string): void {
    this.#log.add({
      rule: "revision-missing",
      severity: revisions.length === 0 ? "failed" : "warning",
      message:
        `Block ${blockAddress.sequenceNo}, document ${documentId}: ` +
        "expected a revision of the document that the transaction changed, found none.",
      blockAddress,
      field: "revisions",
      documentId,
      key,
    });
  }
}

type TransactionDocuments = ReadonlyMap<string, DocumentInfo> | undefined;
