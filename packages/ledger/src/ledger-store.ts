// SPDX-License-Identifier: MIT
import type { JournalExport } from "@ledger-loader/export";
import type { Clock } from "./clock";
import { EmbeddedLedger } from "./embedded-ledger";
import { DeletionProtectedError, LedgerExistsError, LedgerNameError, LedgerNotFoundError } from "./errors";
import { guardClock, type GuardedClockOptions, PROCESS_CLOCKS } from "./guarded-clock";
import { describeRaisedLimits, type LedgerLimits, withDefaultLimits } from "./limits";
import { countIdleLedgers, type IdleLedgers } from "./idle-ledgers";
import { Mutex } from "./mutex";
import { type CopyLedgerOptions, fillCopy } from "./copy-ledger";
import { type LedgerRebuild, rebuildDerived, type RebuildLedgerOptions } from "./rebuild-derived";
import type { LedgerVerification } from "./verification/verify-ledger";
import type { LedgerRestoration } from "./restore/ledger-restoration";
import { restoreLedger, type RestoreLedgerOptions } from "./restore/restore-ledger";
import type { LedgerDirectory } from "./storage/ledger-directory";
import type { LedgerRecord, RecordKind, RecordStore } from "./storage/record-store";
import type { DatabaseChange } from "./storage/database-change";
import { SqliteDirectory } from "./storage/sqlite/sqlite-directory";
import type { ServerAddress, ServerPeers } from "./storage/server-peers";
import type { AcceptedLoss, LedgerDescription, Tags } from "./storage/storage";
import { newUniqueId } from "./unique-id";

/** How a store is opened. */
export interface LedgerStoreOptions {
  /** The folder that holds one file per ledger; it is made if it does not exist. Not together with `postgresUrl`. */
  readonly dataFolder?: string;
  /**
   * The PostgreSQL database that holds the ledgers: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. What is missing comes from
   * PostgreSQL's own environment variables and password file. Several processes may use one database.
   */
  readonly postgresUrl?: string;
  /**
   * Only reads ledgers, and leaves every file of the folder as it is. Keeps out stores that write. A database is not locked,
   * and nothing is made in one that has no ledgers.
   *
   * @defaultValue `false`
   */
  readonly readOnly?: boolean;
  /**
   * With `readOnly`, opens ledgers that lack acknowledged commits too, to verify what is left of them. A ledger without
   * any block left is refused.
   *
   * @defaultValue `false`
   */
  readonly evenIfShortened?: boolean;
  /** Limits other than QLDB's. Raising one is said in {@link LedgerStore.notices}. */
  readonly limits?: Partial<LedgerLimits>;
  /**
   * True if transactions that only read append a block too, so that the journal shows who read what.
   *
   * Off by default: reading is several times faster, and what changed is not buried among what was read.
   */
  readonly journalReadOnlyTransactions?: boolean;
  /**
   * Tells the time of day.
   *
   * @defaultValue the machine's clock, which is refused with `CLOCK_JUMPED` while it is more than 10 minutes ahead of
   * the time that has passed
   */
  readonly clock?: Clock;
  /** Guards `clock`; without it, a clock that is given is taken as it is. */
  readonly clockGuard?: GuardedClockOptions;
  /** Told what whoever runs the store should see to, such as a clock that is behind the newest block. */
  readonly onWarning?: (warning: string) => void;
  /** Told the name of each ledger that is opened: when it is used for the first time, or was created. */
  readonly onOpened?: (ledger: string) => void;
  /** Told when the database is lost that had answered before, and when it answers again. A read-only store tells nothing. */
  readonly onDatabaseChange?: (change: DatabaseChange) => void;
}

/** How a ledger is created; the defaults are QLDB's. */
export interface CreateLedgerOptions {
  /**
   * With `STANDARD`, a server with credentials asks for permissions per table. Without credentials, and within this process,
   * nothing is refused because of it.
   *
   * @defaultValue `ALLOW_ALL`
   */
  readonly permissionsMode?: LedgerDescription["permissionsMode"];
  /** True if `deleteLedger` refuses. Default: `true`. */
  readonly deletionProtection?: boolean;
  /** Default: none. */
  readonly tags?: Tags;
}

const namePattern = /^(?!.*--)(?![0-9]+$)(?!-)(?!.*-$)[A-Za-z0-9-]{1,32}$/;

function withDefaults({
  permissionsMode = "ALLOW_ALL",
  deletionProtection = true,
}: CreateLedgerOptions): Required<Omit<CreateLedgerOptions, "tags">> {
  return { permissionsMode, deletionProtection };
}

/** The ledgers of one data folder or database, for use within this process. */
export class LedgerStore {
  /** Warnings for the operator of the store: limits above QLDB's. */
  readonly notices: readonly string[];
  readonly #directory: LedgerDirectory;
  /** The limits of its ledgers. */
  readonly limits: LedgerLimits;
  readonly #options: LedgerStoreOptions;
  readonly #clock: Clock;
  readonly #ledgers = new Map<string, EmbeddedLedger>();
  readonly #changes = new Mutex();
  #idleLedgers: Promise<IdleLedgers> | undefined;

  private constructor(directory: LedgerDirectory, options: LedgerStoreOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#clock = toClock(options);
    this.limits = withDefaultLimits(options.limits);
    this.notices = describeRaisedLimits(this.limits);
  }

  /**
   * Opens a data folder and locks it until the store is closed, or opens a database. Ledgers are opened when they are asked
   * for.
   *
   * @throws DataFolderLockedError if another process has the folder open.
   * @throws DatabaseUnreachableError, DatabaseAccessError if the database cannot be used.
   * @throws DatabaseEmptyError if it is opened only to be read, and has no ledgers.
   * @throws StoreFormatError if a newer version has written the database.
   */
  static async open(options: LedgerStoreOptions): Promise<LedgerStore> {
    return new LedgerStore(await openDirectory(options), options);
  }

  /**
   * Creates a ledger. Its journal is empty: the first transaction makes the first block.
   *
   * @throws LedgerNameError, LedgerExistsError
   */
  createLedger(name: string, options: CreateLedgerOptions = {}): Promise<EmbeddedLedger> {
    return this.#changes.run(async () => {
      if (!namePattern.test(name)) throw new LedgerNameError(name);
      if ((await this.#directory.list()).includes(name)) throw new LedgerExistsError(name);
      const description: LedgerDescription = {
        name,
        strandId: newUniqueId(),
        creationTime: this.#clock(),
        ...withDefaults(options),
      };
      await this.#directory.create(name, async (storage) => {
        await storage.writeTags("ledger", options.tags ?? {});
        await storage.writeDescription(description);
      });
      return this.#open(name);
    });
  }

  /**
   * Copies a ledger of another store into this one, block for block, with its name and strand. The copy gets its name once it
   * is verified: every block, all that is derived from them, and the digest of the original.
   *
   * @throws LedgerExistsError, JournalReplayError
   * @throws CopyDiffersError if the copy does not verify; it is not kept.
   */
  copyLedger(original: EmbeddedLedger, options: CopyLedgerOptions = {}): Promise<LedgerVerification> {
    return this.#changes.run(async () => {
      const { name } = original.description;
      if ((await this.#directory.list()).includes(name)) throw new LedgerExistsError(name);
      let verification: LedgerVerification | undefined;
      await this.#directory.create(name, async (storage) => {
        verification = await fillCopy(storage, original, options);
      });
      if (verification === undefined) throw new Error("Expected a directory to fill what it creates.");
      return verification;
    });
  }

  /**
   * Restores a ledger from a journal export, or extends a ledger by one, once the export is verified: see
   * {@link LedgerRestoration}. A ledger that is open is closed before.
   *
   * @throws LedgerNameError, RestoreRefusedError
   */
  restoreLedger(
    name: string,
    source: JournalExport,
    options: Omit<CreateLedgerOptions, "tags"> & RestoreLedgerOptions = {},
  ): Promise<LedgerRestoration> {
    return this.#changes.run(async () => {
      if (!namePattern.test(name)) throw new LedgerNameError(name);
      await this.#ledgers.get(name)?.close();
      this.#ledgers.delete(name);
      const ledger = { name, ...withDefaults(options) };
      return restoreLedger(this.#directory, ledger, source, options);
    });
  }

  /**
   * Derives the current documents, history, indexes and hash tree of a ledger from its journal again: see
   * {@link rebuildDerived}. A ledger that is open is closed before.
   *
   * @throws LedgerNotFoundError
   */
  rebuildLedger(name: string, options: RebuildLedgerOptions = {}): Promise<LedgerRebuild> {
    return this.#changes.run(async () => {
      await this.#ledgers.get(name)?.close();
      this.#ledgers.delete(name);
      const storage = await this.#directory.open(name);
      if (storage === undefined) throw new LedgerNotFoundError(name);
      try {
        return await rebuildDerived(storage, options);
      } finally {
        await storage.close();
      }
    });
  }

  /** Opens a ledger, or returns it if it is open. @throws LedgerNotFoundError */
  async open(name: string): Promise<EmbeddedLedger> {
    const known = this.#ledgers.get(name);
    if (known !== undefined && (await known.isCurrent(this.#directory))) return known;
    return this.#changes.run(() => this.#open(name));
  }

  async #open(name: string): Promise<EmbeddedLedger> {
    const known = this.#ledgers.get(name);
    if (known !== undefined) {
      if (await known.isCurrent(this.#directory)) return known;
      // Another process has deleted it.
      this.#ledgers.delete(name);
      await known.close();
    }
    const storage = await this.#directory.open(name);
    if (storage === undefined) throw new LedgerNotFoundError(name);
    const ledger = await EmbeddedLedger.open(storage, {
      limits: this.limits,
      clock: this.#clock,
      journalReadOnlyTransactions: this.#options.journalReadOnlyTransactions ?? false,
      ...(this.#options.onWarning === undefined ? {} : { onWarning: this.#options.onWarning }),
    });
    this.#ledgers.set(name, ledger);
    this.#options.onOpened?.(name);
    return ledger;
  }

  /** The ledgers that are open, sorted by name. */
  openLedgers(): readonly EmbeddedLedger[] {
    return [...this.#ledgers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ledger]) => ledger);
  }

  /**
   * How many ledgers there are, and how many blocks the journals of those have that are not open: of so many at most, the first ones
   * by name.
   */
  countIdleLedgers(max: number): Promise<IdleLedgers> {
    // One count at a time: it waits while a ledger is copied, restored or rebuilt, and is asked for again meanwhile.
    this.#idleLedgers ??= this.#changes.run(async () => {
      this.#idleLedgers = undefined;
      return countIdleLedgers(this.#directory, this.#ledgers, max);
    });
    return this.#idleLedgers;
  }

  /** Where the ledgers are, for people: the data folder, or the database without its password. */
  get place(): string {
    return this.#directory.place;
  }

  /**
   * Accepts that acknowledged commits of a ledger are lost, so that it opens again; returns `undefined` if none are
   * missing. The ledger keeps a record of the loss, which verification reports.
   *
   * @throws LedgerNotFoundError
   */
  acceptLoss(name: string): Promise<AcceptedLoss | undefined> {
    return this.#changes.run(async () => {
      if (this.#ledgers.has(name)) return undefined;
      if (!(await this.#directory.list()).includes(name)) throw new LedgerNotFoundError(name);
      return this.#directory.acceptLoss(name, this.#clock());
    });
  }

  /** A path in the data folder, or the system's temporary one, where nothing is; what is left there is cleared away. */
  temporaryFile(name: string): string {
    return this.#directory.temporaryFile(name);
  }

  /** The names of all ledgers, sorted. */
  listLedgers(): Promise<readonly string[]> {
    return this.#directory.list();
  }

  /** Removes a ledger and everything in it. @throws LedgerNotFoundError, DeletionProtectedError */
  deleteLedger(name: string): Promise<void> {
    return this.#changes.run(async () => {
      const ledger = await this.#open(name);
      if ((await ledger.refresh()).deletionProtection) throw new DeletionProtectedError(name);
      await ledger.close();
      this.#ledgers.delete(name);
      await this.#directory.delete(name);
    });
  }

  /** Opens what is kept beside the ledgers and is no part of their journals. */
  openRecords<T extends LedgerRecord>(kind: RecordKind): Promise<RecordStore<T>> {
    return this.#directory.openRecords<T>(kind);
  }

  /** Makes a server known to the others on the same database; `undefined` for a data folder, which has no others. */
  async joinServers(server: ServerAddress): Promise<ServerPeers | undefined> {
    return this.#directory.join?.(server);
  }

  /** Closes all ledgers; commits that were begun are completed. */
  close(): Promise<void> {
    return this.#changes.run(async () => {
      const closing = [...this.#ledgers.values()].map((ledger) => ledger.close());
      this.#ledgers.clear();
      // One that cannot be closed must not keep the others open.
      // The folder is unlocked last, and also after a failure.
      const results = await Promise.allSettled(closing);
      await this.#directory.close();
      const failed = results.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    });
  }
}

function toClock({ clock, clockGuard }: LedgerStoreOptions): Clock {
  if (clock !== undefined && clockGuard === undefined) return clock;
  return guardClock(clock ?? Date.now, clockGuard ?? PROCESS_CLOCKS);
}

async function openDirectory(options: LedgerStoreOptions): Promise<LedgerDirectory> {
  const { dataFolder, postgresUrl, readOnly = false, evenIfShortened = false } = options;
  if ((dataFolder === undefined) === (postgresUrl === undefined)) {
    throw new Error(
      "Expected a data folder or the URL of a database, found both or neither: pass one of them.",
    );
  }
  if (postgresUrl !== undefined) {
    const postgres =
      // oxlint-disable-next-line typescript/no-require-imports -- brings PostgreSQL's client, which a data folder does without
      require("./storage/postgres/postgres-directory") as typeof import("./storage/postgres/postgres-directory");
    return readOnly
      ? postgres.PostgresDirectory.read(postgresUrl)
      : postgres.PostgresDirectory.open(postgresUrl, options.onDatabaseChange);
  }
  const folder = dataFolder ?? "";
  return readOnly ? SqliteDirectory.read(folder, { evenIfShortened }) : SqliteDirectory.open(folder);
}
