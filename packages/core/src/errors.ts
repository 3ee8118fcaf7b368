// SPDX-License-Identifier: MIT
import { LedgerLoaderError, quoted } from "@ledger-loader/errors";

/** A name that cannot be a table's or field's. */
export class InvalidIdentifierError extends LedgerLoaderError {
  readonly code = "INVALID_IDENTIFIER";

  constructor(found: string) {
    super(
      `Expected a name of 1 to 128 letters, digits and underscores that begins with neither a digit nor "_ql_", ` +
        `found ${quoted(found)}. Rename the table or field.`,
    );
  }
}

/** Deliveries failed on a channel that cannot report part of a batch. */
export class DeliveriesFailedError extends LedgerLoaderError {
  readonly code = "DELIVERIES_FAILED";
  /** The ids of the failed deliveries, in order. */
  readonly deliveryIds: readonly string[];

  constructor(deliveryIds: readonly string[], reasons: readonly string[]) {
    super(
      `Expected every delivery to be loaded, but ${deliveryIds.length} failed (${reasons.join(", ")}): ` +
        `${deliveryIds.join(", ")}. They must be redelivered.`,
      { retryable: true },
    );
    this.deliveryIds = deliveryIds;
  }
}

/** Bookkeeping that this version of the loader cannot read. */
export class BookkeepingFormatError extends LedgerLoaderError {
  readonly code = "BOOKKEEPING_FORMAT";

  constructor(found: number | undefined) {
    super(
      `Expected bookkeeping in format 1, found ${found ?? "none"}. A newer loader has written to this ledger: ` +
        `use that version.`,
    );
  }
}

/** The temporary folder takes no more of the documents that a dry run has judged. */
export class DryRunStorageError extends LedgerLoaderError {
  readonly code = "DRY_RUN_STORAGE";

  constructor(folder: string, cause: unknown) {
    super(
      `Expected to keep judged documents in the temporary folder ${folder}, found ${quoted(cause instanceof Error ? cause.message : String(cause))}. ` +
        `Make room there, or name another folder in TMPDIR.`,
      { cause },
    );
  }
}

/** The ledger answered in a way that QLDB does not. */
export class LedgerAnswerError extends LedgerLoaderError {
  readonly code = "LEDGER_ANSWER";

  constructor(expected: string, found: string) {
    super(`Expected ${expected}, found ${found}. Check that the endpoint is a QLDB-compatible ledger.`);
  }
}

/** The ledger gave no answer, or asked to come back later. Nothing is known about the events at hand. */
export class LedgerUnavailableError extends LedgerLoaderError {
  readonly code = "LEDGER_UNAVAILABLE";

  constructor(found: string, cause: unknown) {
    super(
      `Expected an answer from the ledger, found ${found}. Check endpoint, name, network and quotas; then retry.`,
      {
        cause,
        retryable: true,
      },
    );
  }
}

/** A transaction lost against concurrent ones as often as `MAX_OCC_RETRIES` allows. */
export class TransactionConflictError extends LedgerLoaderError {
  readonly code = "TRANSACTION_CONFLICT";

  constructor(attempts: number, cause: unknown) {
    super(
      `Expected to commit within ${attempts} attempts, found a concurrent change each time. ` +
        `Retry later, or load with fewer sessions.`,
      { cause, retryable: true },
    );
  }
}

/** A transaction took longer than the ledger allows: 30 seconds in QLDB. */
export class TransactionExpiredError extends LedgerLoaderError {
  readonly code = "TRANSACTION_EXPIRED";

  constructor(cause: unknown) {
    super(
      `Expected to commit before the transaction expires, found that it has. Load fewer events at once.`,
      {
        cause,
        retryable: true,
      },
    );
  }
}

/** The ledger refused a statement, or a parameter cannot be sent: syntax, a missing table, a limit, half a character. */
export class StatementRefusedError extends LedgerLoaderError {
  readonly code = "STATEMENT_REFUSED";

  constructor(found: string, cause: unknown) {
    // An error of this project says itself what was expected, and so does the ledger. What to correct depends on who wrote the
    // statement: the loader and the command line add it.
    const told = /[.)]$/.test(found) ? found : `${found}.`;
    super(cause instanceof LedgerLoaderError ? cause.message : `The ledger refused the statement: ${told}`, {
      cause,
    });
  }
}

/** A RevisionWriter that does not keep its contract. */
export class WriterContractError extends LedgerLoaderError {
  readonly code = "WRITER_CONTRACT";

  constructor(expected: string, found: string, cause?: unknown) {
    super(`Expected the RevisionWriter to ${expected}, but it ${found}. Correct the writer.`, { cause });
  }
}

/** A table or index that the loader needs and could not create. */
export class TableSetupError extends LedgerLoaderError {
  readonly code = "TABLE_SETUP";
  readonly table: string;

  constructor(table: string, missingIndexes: readonly string[], cause?: unknown) {
    const found = missingIndexes.length === 0 ? "no such table" : `no index on ${missingIndexes.join(", ")}`;
    super(
      `Expected table ${table} to be there and ready, found ${found}. Create it, or grant the right to create it.`,
      { cause },
    );
    this.table = table;
  }
}

/** A configuration that cannot be used. */
export class ConfigurationError extends LedgerLoaderError {
  readonly code = "CONFIGURATION";
  /** One sentence per problem, each beginning with the name of the variable. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Expected a usable configuration, found ${countOf(problems)}:\n${problems.join("\n")}\nCorrect them.`,
    );
    this.problems = problems;
  }
}

/** `REVISION_WRITER` names nothing that could be used. */
export class WriterNotFoundError extends LedgerLoaderError {
  readonly code = "WRITER_NOT_FOUND";
  /** The thing that the name leads to instead. */
  readonly found: string;

  constructor(name: string, found: string, cause?: unknown) {
    super(
      `Expected REVISION_WRITER=${name} to name a RevisionWriter, found ${found}. ` +
        `Name a built-in one or module#export, with the module installed beside the loader; a path begins with ./.`,
      { cause },
    );
    this.found = found;
  }
}

/** Something in a dead-letter file or queue that is no dead letter. */
export class DeadLetterFormatError extends LedgerLoaderError {
  readonly code = "DEAD_LETTER_FORMAT";

  constructor(found: string, cause?: unknown) {
    super(`Expected a dead letter in format 1, found ${found}. Correct or remove it by hand.`, { cause });
  }
}

/** There is no file of dead letters where one was expected. */
export class DeadLettersMissingError extends LedgerLoaderError {
  readonly code = "DEAD_LETTERS_MISSING";

  constructor(path: string) {
    super(
      `Expected dead letters in ${path}, found no such file. Check the path: nothing may ever have been parked.`,
    );
  }
}

/** The named file of dead letters is a device, a pipe or a folder, which cannot be moved aside. */
export class DeadLettersNoFileError extends LedgerLoaderError {
  readonly code = "DEAD_LETTERS_NO_FILE";

  constructor(path: string) {
    super(
      `Expected dead letters in a file, found that ${path} is none, but a device, a pipe or a folder. Name the file.`,
    );
  }
}

/** A file that another process keeps locked. */
export class FileLockedError extends LedgerLoaderError {
  readonly code = "FILE_LOCKED";

  constructor(path: string, waitedMs: number) {
    super(
      `Expected to lock ${path} within ${waitedMs} ms, found another process holding the lock. Wait for that one, ` +
        `or remove ${path}.lock if there is none.`,
      { retryable: true },
    );
  }
}

/** A worker's consumer did not finish in time after it was asked to end. */
export class DrainTimeoutError extends LedgerLoaderError {
  readonly code = "DRAIN_TIMEOUT";

  constructor(timeoutMs: number) {
    super(
      `Expected the consumer to finish what was under way within ${timeoutMs} ms, found that it has not. ` +
        `It comes back to another worker; allow more time, or smaller batches.`,
    );
  }
}

/** A worker cannot listen where it is to answer about its health. */
export class HealthServerError extends LedgerLoaderError {
  readonly code = "HEALTH_SERVER";

  constructor(host: string, port: number, cause: unknown) {
    const { code = "an error" } = cause as { code?: string };
    super(`Expected to listen on ${host}:${port}, found ${code}. Choose another port, or end who has it.`, {
      cause,
    });
  }
}

/** A mapping of tables to id fields that is none. */
export class MappingError extends LedgerLoaderError {
  readonly code = "MAPPING";
  /** Where it was read. */
  readonly source: string;

  constructor(source: string, found: string, options: { readonly cause?: unknown } = {}) {
    super(
      `Expected {"<table>": "<field>", "*": "<field of all others>"} as JSON or Ion, or <table>=<field> as Java properties, in ${source}, found ${found}: ` +
        "correct the mapping that the ledger was loaded with.",
      options,
    );
    this.source = source;
  }
}

/** A masking file that cannot be used. */
export class MaskingConfigError extends LedgerLoaderError {
  readonly code = "MASKING_CONFIG";
  /** One sentence per problem, each beginning with the place in the file. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Expected usable masking rules, found ${countOf(problems)}:\n${problems.join("\n")}\nCorrect them.`,
    );
    this.problems = problems;
  }
}

/** An event that does not have the form that the masking rules expect: it is rejected, not written unmasked. */
export class MaskingError extends LedgerLoaderError {
  readonly code = "MASKING";

  /** @param path - as the rules name it, `*` included, never a name from the event, which may be personal data. */
  constructor(path: string, expected: string, found: string) {
    super(`Expected ${path} to be ${expected}, found ${found}. Correct the rule or the event.`);
  }
}

/** Receipts could not be kept: nothing of the batch is acknowledged. */
export class ReceiptsUnwrittenError extends LedgerLoaderError {
  readonly code = "RECEIPTS_UNWRITTEN";
  /** Where they were to be kept. */
  readonly place: string;

  constructor(place: string, cause: unknown) {
    const { code, message } = Object(cause) as { readonly code?: string; readonly message?: string };
    super(
      `Expected to keep receipts in ${place}, found ${code ?? message ?? "an error"}. ` +
        "Make the place writable, then start again: nothing of the batch was acknowledged.",
      { retryable: true, cause },
    );
    this.place = place;
  }
}

/** A file of checkpoints that cannot be used. */
export class CheckpointFileError extends LedgerLoaderError {
  readonly code = "CHECKPOINT_FILE";
  readonly path: string;

  constructor(path: string, expected: string, found: string, cause?: unknown) {
    super(
      `Expected ${expected} in ${path}, found ${found}. Name the file of this very stream, or another one to begin from ` +
        `the oldest record there is.`,
      { cause },
    );
    this.path = path;
  }
}

function countOf({ length }: readonly string[]): string {
  return length === 1 ? "a problem" : `${length} problems`;
}
