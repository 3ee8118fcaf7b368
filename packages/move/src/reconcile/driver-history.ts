// SPDX-License-Identifier: MIT
import { type Ledger, quoteIdentifier } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { dom } from "ion-js";
import { idTextOf } from "../id-text";
import type { LedgerHistory, LedgerRevision } from "./ledger-history";

/** A ledger answered a query of history with rows that history does not have. */
export class UnexpectedHistoryError extends LedgerLoaderError {
  readonly code = "UNEXPECTED_HISTORY";

  constructor(field: string) {
    super(
      `Expected ${field} in every row of the ledger's history, found a row without it: ` +
        "the ledger is not compatible with QLDB's history() function.",
    );
  }
}

/** The ledger was written to while its documents were listed. */
export class HistoryChangedError extends LedgerLoaderError {
  readonly code = "HISTORY_CHANGED";
  readonly table: string;

  constructor(table: string) {
    super(
      `Expected table ${table} to stay as it is while its documents are listed, found that it was written to: ` +
        "stop what writes to the ledger and reconcile again.",
      { retryable: true },
    );
    this.table = table;
  }
}

/** Reads history through any QLDB-compatible ledger. */
export function createDriverHistory(ledger: Ledger): LedgerHistory {
  return {
    async tables() {
      const rows = await ledger.transact((transaction) =>
        transaction.execute("SELECT name FROM information_schema.user_tables WHERE status = 'ACTIVE'"),
      );
      return rows.map((row) => text(row, "name"));
    },
    async visitDocuments(table, idField, visit) {
      // Every document begins with version 0, so this finds each once, deleted ones included.
      const statement =
        `SELECT h.metadata.id AS documentId, h.data.${quoteIdentifier(idField)} AS recordId ` +
        `FROM history(${quoteIdentifier(table)}) AS h WHERE h.metadata.version = 0`;
      let attempts = 0;
      await ledger.transact(async (transaction) => {
        attempts += 1;
        // What was visited cannot be taken back when the transaction runs again after a conflict.
        if (attempts > 1) throw new HistoryChangedError(table);
        for await (const row of transaction.stream(statement)) {
          await visit({ documentId: text(row, "documentId"), id: idTextOf(row.get("recordId")) });
        }
      });
    },
    async revisions(table, documentIds) {
      const ids = new dom.List(documentIds.map((id): dom.Value => dom.Value.from(id)));
      const rows = await ledger.transact((transaction) =>
        transaction.execute(
          "SELECT h.metadata.id AS documentId, h.metadata.version AS revision, h.blockAddress.sequenceNo AS sequenceNo, " +
            `h.data AS data, h.dataHash AS dataHash FROM history(${quoteIdentifier(table)}) AS h ` +
            "WHERE h.metadata.id IN ?",
          ids,
        ),
      );
      return rows.map(toRevision);
    },
  };
}

function toRevision(row: dom.Value): LedgerRevision {
  const data = row.get("data");
  const dataHash = row.get("dataHash")?.uInt8ArrayValue() ?? undefined;
  return {
    documentId: text(row, "documentId"),
    version: int(row, "revision"),
    sequenceNo: int(row, "sequenceNo"),
    data: data instanceof dom.Struct ? data : undefined,
    dataHash,
  };
}

function text(row: dom.Value, field: string): string {
  const value = row.get(field)?.stringValue();
  if (typeof value !== "string") throw new UnexpectedHistoryError(field);
  return value;
}

function int(row: dom.Value, field: string): number {
  const value = row.get(field)?.numberValue();
  if (typeof value !== "number") throw new UnexpectedHistoryError(field);
  return value;
}
