// SPDX-License-Identifier: MIT
import { LedgerLoaderError, quoted } from "@ledger-loader/errors";
import { describeMissing, describeTip } from "./storage/missing-commits";
import type { MissingCommits } from "./storage/storage";

/** The store was written by a newer version of this program. */
export class StoreFormatError extends LedgerLoaderError {
  readonly code = "STORE_FORMAT";
  readonly file: string;
  readonly expected: number;
  readonly found: number;

  constructor(file: string, expected: number, found: number) {
    super(
      `Expected ledgers of format ${expected} or older, found format ${found} in ${file}: ` +
        "open it with the version of ledger-loader that wrote it, or a newer one.",
    );
    this.file = file;
    this.expected = expected;
    this.found = found;
  }
}

/** The store is not one of ours, or damaged beyond reading. */
export class StoreUnreadableError extends LedgerLoaderError {
  readonly code = "STORE_UNREADABLE";
  readonly file: string;

  constructor(file: string, detail: string, cause?: unknown) {
    super(`Expected a ledger file in ${file}, found that ${detail}: restore it from a backup or an export.`, {
      cause,
    });
    this.file = file;
  }
}

/** The disk, or the rights of this process, do not allow what is to be done with the store. */
export class StoreAccessError extends LedgerLoaderError {
  readonly code = "STORE_ACCESS";
  readonly file: string;

  constructor(file: string, found: string, advice: string, cause?: unknown) {
    super(`Expected to read and write ${file}, found ${found}: ${advice}.`, { cause, retryable: true });
    this.file = file;
  }
}

/** Another process has the store open. */
export class StoreLockedError extends LedgerLoaderError {
  readonly code = "STORE_LOCKED";
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(
      `Expected to be the only process with ${file} open, found that another one has it: stop that process, ` +
        "or talk to it over its endpoint.",
      { cause, retryable: true },
    );
    this.file = file;
  }
}

/** Another process uses the data folder. */
export class DataFolderLockedError extends LedgerLoaderError {
  readonly code = "DATA_FOLDER_LOCKED";
  readonly folder: string;

  constructor(folder: string, owner: string, cause: unknown) {
    super(
      `Expected to be the only process that uses the data folder ${folder}, found that ${owner} uses it: stop that ` +
        "process, or send requests to its endpoint.",
      { cause, retryable: true },
    );
    this.folder = folder;
  }
}

/** A file of the store was removed or replaced while the store was open. */
export class StoreReplacedError extends LedgerLoaderError {
  readonly code = "STORE_REPLACED";
  readonly file: string;

  constructor(file: string) {
    super(
      `Expected ${file} to be the file that was opened, found that it was removed or replaced: stop this process, put ` +
        "the ledger's file and log back or restore a backup, and start the process again.",
    );
    this.file = file;
  }
}

/** Commits that were acknowledged are not in the journal: the ledger's log was lost or damaged, or its file is an older one. */
export class CommitsMissingError extends LedgerLoaderError {
  readonly code = "COMMITS_MISSING";
  readonly file: string;
  readonly missing: MissingCommits;

  /** @param keptLog - where the log was kept as it was found, where opening has changed it. */
  constructor(file: string, missing: MissingCommits, keptLog?: string) {
    const kept = keptLog === undefined ? "" : ` The log that was found is kept as ${keptLog}.`;
    super(
      `Expected the journal in ${file} to reach ${describeTip(missing.tip)}, which was acknowledged, found ` +
        `${describeMissing(missing)}. Put back the file's log (${file}-wal), or a backup that has these blocks, or ` +
        `accept the loss with ledger-loader ledger accept-loss.${kept}`,
    );
    this.file = file;
    this.missing = missing;
  }
}

/** The record of how far commits were acknowledged is damaged. */
export class TipUnreadableError extends LedgerLoaderError {
  readonly code = "TIP_UNREADABLE";
  readonly file: string;

  constructor(file: string) {
    super(
      `Expected the record of acknowledged commits in ${file}, found that it is damaged: move that file away to open the ` +
        "ledger without it, and verify the ledger against a digest.",
    );
    this.file = file;
  }
}

/** A backup would overwrite a file. */
export class BackupExistsError extends LedgerLoaderError {
  readonly code = "BACKUP_EXISTS";
  readonly file: string;

  constructor(file: string) {
    super(
      `Expected no file ${file}, found one, and a backup overwrites nothing: choose another folder, or move that file.`,
    );
    this.file = file;
  }
}

/** The machine's clock was set far ahead while the store was open. */
export class ClockJumpedError extends LedgerLoaderError {
  readonly code = "CLOCK_JUMPED";
  /** The time by a clock that is never set, and what the clock shows, in milliseconds since 1970. */
  readonly expectedTime: number;
  readonly foundTime: number;

  constructor(expectedTime: number, foundTime: number) {
    const expected = new Date(expectedTime).toISOString();
    const found = new Date(foundTime).toISOString();
    super(
      `Expected the clock of this machine to show ${expected}, found ${found}: correct the clock, because the time of a ` +
        "block cannot be taken back, or restart the server if the clock is right.",
      { retryable: true },
    );
    this.expectedTime = expectedTime;
    this.foundTime = foundTime;
  }
}

/** A copy of a ledger does not verify against the digest of the original. */
export class CopyDiffersError extends LedgerLoaderError {
  readonly code = "COPY_DIFFERS";
  readonly ledgerName: string;

  constructor(ledgerName: string, finding = "another digest") {
    super(
      `Expected the copy of ledger ${ledgerName} to be its original, found otherwise (${finding}): verify the original ` +
        "with ledger verify, and copy it again.",
    );
    this.ledgerName = ledgerName;
  }
}

/** There is no ledger of this name. */
export class LedgerNotFoundError extends LedgerLoaderError {
  readonly code = "LEDGER_NOT_FOUND";
  readonly ledgerName: string;

  constructor(ledgerName: string) {
    super(
      `Expected a ledger named ${ledgerName.slice(0, 64)}, found none: create it first, or list the ledgers there are.`,
    );
    this.ledgerName = ledgerName;
  }
}

/** A ledger of this name exists already. */
export class LedgerExistsError extends LedgerLoaderError {
  readonly code = "LEDGER_EXISTS";
  readonly ledgerName: string;

  constructor(ledgerName: string) {
    super(`Expected no ledger named ${ledgerName}, found one: choose another name, or delete it first.`);
    this.ledgerName = ledgerName;
  }
}

/** The name cannot be a ledger's. */
export class LedgerNameError extends LedgerLoaderError {
  readonly code = "LEDGER_NAME";
  readonly ledgerName: string;

  constructor(ledgerName: string) {
    super(
      `Expected a ledger name of 1 to 32 letters, digits and single hyphens, not only digits and with no hyphen at ` +
        `either end, found ${quoted(ledgerName)}: choose another name.`,
    );
    this.ledgerName = ledgerName;
  }
}

/** The ledger is protected from deletion. */
export class DeletionProtectedError extends LedgerLoaderError {
  readonly code = "DELETION_PROTECTED";
  readonly ledgerName: string;

  constructor(ledgerName: string) {
    super(
      `Expected deletion protection of ledger ${ledgerName} to be off, found it on: turn it off with UpdateLedger first.`,
    );
    this.ledgerName = ledgerName;
  }
}

/** A transaction asked for more than the ledger's limits allow. */
export class LedgerLimitError extends LedgerLoaderError {
  readonly code = "LEDGER_LIMIT";

  constructor(what: string, limit: number, found: number) {
    super(
      `Expected at most ${limit} ${what}, found ${found}: split the transaction or raise the ledger's limit.`,
    );
  }
}

/** A statement cannot be executed on the tables and indexes there are. */
export class CatalogError extends LedgerLoaderError {
  readonly code = "LEDGER_CATALOG";
}

/** A statement would give two documents equal values in a field with a unique index. */
export class UniqueIndexError extends LedgerLoaderError {
  readonly code = "LEDGER_UNIQUE";
  readonly table: string;
  readonly field: string;

  constructor(table: string, field: string) {
    super(
      `Expected different values of ${field} in all documents of ${table}, which has a unique index on it, found equal ` +
        "ones: look for the other document, or choose another value.",
    );
    this.table = table;
    this.field = field;
  }
}

/** A revision cannot be redacted. */
export class RedactionError extends LedgerLoaderError {
  readonly code = "LEDGER_REDACTION";

  constructor(found: string, advice: string) {
    super(`Expected a revision to redact that a later one has superseded, found ${found}: ${advice}.`);
  }
}

/** Something that the transaction read has changed since it began. */
export class OccConflictError extends LedgerLoaderError {
  readonly code = "OCC_CONFLICT";
  readonly transactionId: string;
  /** The change, for people: ids and numbers, never content. */
  readonly conflict: string;

  constructor(transactionId: string, conflict: string) {
    // The sentence is QLDB's; clients have been seen to match it.
    super(`Optimistic concurrency control (OCC) failure encountered while committing the transaction`, {
      retryable: true,
    });
    this.transactionId = transactionId;
    this.conflict = conflict;
  }
}

/** A statement of the transaction failed half done, or its commit failed: it can only be aborted. */
export class TransactionFailedError extends LedgerLoaderError {
  readonly code = "TRANSACTION_FAILED";

  constructor(transactionId: string) {
    super(
      `Expected every statement of transaction ${transactionId} to succeed, found one that failed: ` +
        "abort the transaction and start a new one.",
    );
  }
}

/** The digest that the client sent with its commit is not that of the statements that arrived. */
export class CommitDigestError extends LedgerLoaderError {
  readonly code = "COMMIT_DIGEST";

  constructor(transactionId: string) {
    super(
      `Expected the commit digest of transaction ${transactionId} to cover the statements that were executed, found ` +
        "another one: fold the transaction's id and every statement's digest, in order.",
    );
  }
}

/** The ledger has no block yet, so no digest. */
export class LedgerEmptyError extends LedgerLoaderError {
  readonly code = "LEDGER_EMPTY";
  readonly ledgerName: string;

  constructor(ledgerName: string) {
    super(`Expected ledger ${ledgerName} to have a block, found none: commit a first transaction.`);
    this.ledgerName = ledgerName;
  }
}

/** The ledger has been closed or deleted. */
export class LedgerClosedError extends LedgerLoaderError {
  readonly code = "LEDGER_CLOSED";

  constructor() {
    super("Expected an open ledger, found it closed: open it again.", { retryable: true });
  }
}

/** A block says something that does not follow from the blocks before it. */
export class JournalReplayError extends LedgerLoaderError {
  readonly code = "JOURNAL_REPLAY";
  readonly sequenceNo: number;

  constructor(sequenceNo: number, found: string) {
    super(
      `Expected block ${sequenceNo} to follow from the journal before it, found ${found}: verify the journal, and ` +
        "restore it from an export if it is damaged.",
    );
    this.sequenceNo = sequenceNo;
  }
}
