// SPDX-License-Identifier: MIT
import { OPEN_END } from "../open-end";
import type { BlockErasure, ErasedRevision } from "../storage";
import type { Command, Query, SqliteFile } from "./sqlite-file";

/** Erases revisions from the tables of a ledger file, in the database transaction of the caller. */
export class SqliteErasure {
  readonly #eraseFromBlock: Command;
  readonly #eraseRevision: Command;
  readonly #validity: Query<[from: number, to: number]>;
  readonly #entriesDuring: Query<[from: number, to: number]>;
  readonly #deleteEntry: Command;
  readonly #insertEndedEntry: Command;
  readonly #purgeIndexes: Command;

  constructor(file: SqliteFile) {
    this.#eraseFromBlock = file.command("UPDATE blocks SET ion = ? WHERE sequence_no = ?");
    this.#eraseRevision = file.command(
      "UPDATE revisions SET data = NULL, data_hash = ? WHERE document_id = ? AND version = ?",
    );
    this.#validity = file.query(
      "SELECT from_seq, to_seq FROM revisions WHERE document_id = ? AND version = ?",
    );
    this.#entriesDuring = file.query(
      `SELECT from_seq, to_seq FROM index_entries
       WHERE index_no = ? AND key = ? AND document_id = ? AND to_seq > ? AND from_seq < ?`,
    );
    this.#deleteEntry = file.command(
      "DELETE FROM index_entries WHERE index_no = ? AND key = ? AND to_seq = ? AND document_id = ? AND from_seq = ?",
    );
    this.#insertEndedEntry = file.command(
      "INSERT INTO index_entries (index_no, key, to_seq, document_id, from_seq) VALUES (?, ?, ?, ?, ?)",
    );
    this.#purgeIndexes = file.command(
      `DELETE FROM index_entries WHERE index_no IN
         (SELECT index_no FROM indexes WHERE to_seq < ${OPEN_END} AND table_no BETWEEN ? AND ?)`,
    );
  }

  /** Removes the entries of all dropped indexes. */
  purgeDroppedIndexes(): void {
    this.#purgeIndexes.run(0, OPEN_END);
  }

  /** Erases what a block redacts from one earlier block, and from all that is derived from that. */
  erase({ sequenceNo, ion, revisions }: BlockErasure): void {
    this.#eraseFromBlock.run(ion, sequenceNo);
    for (const revision of revisions) this.#eraseOne(revision);
    for (const { tableNo } of revisions) this.#purgeIndexes.run(tableNo, tableNo);
  }

  #eraseOne({ documentId, version, dataHash, indexKeys }: ErasedRevision): void {
    const [from, to] = this.#validity.get(documentId, version) ?? [0, 0];
    this.#eraseRevision.run(dataHash, documentId, version);
    for (const { indexNo, key } of indexKeys) this.#eraseEntries(indexNo, key, documentId, from, to);
  }

  /** An entry may hold for the revisions before and after, too, where these have the same key: it is split. */
  #eraseEntries(indexNo: number, key: string, documentId: string, from: number, to: number): void {
    for (const [start, end] of this.#entriesDuring.all(indexNo, key, documentId, from, to)) {
      this.#deleteEntry.run(indexNo, key, end, documentId, start);
      if (start < from) this.#insertEndedEntry.run(indexNo, key, from, documentId, start);
      if (end > to) this.#insertEndedEntry.run(indexNo, key, end, documentId, to);
    }
  }
}
