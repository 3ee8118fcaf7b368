// SPDX-License-Identifier: MIT
import type { Clock } from "../clock";
import type { LedgerStore } from "../ledger-store";
import { findFirstBlock } from "../find-first-block";
import type { RecordStore } from "../storage/record-store";
import { newUniqueId } from "../unique-id";
import type { ExportPlaces } from "./export-places";
import type { ExportStatus, JournalExport, JournalExportRequest } from "./journal-export";

/** How exports are made. */
export interface JournalExportsOptions {
  readonly store: LedgerStore;
  readonly places: ExportPlaces;
  readonly clock: Clock;
  /** The id of this server. */
  readonly serverId: string;
  /** True if another server has ended: nothing goes on that it has begun. */
  readonly hasEnded: (serverId: string) => Promise<boolean>;
  /** Told why an export came to nothing. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** QLDB lists an export for 7 days. */
const keptMs = 7 * 86_400_000;

/** The exports of all ledgers; servers on one database share the list, and each writes those that it has begun. */
export class JournalExports {
  readonly places: ExportPlaces;
  readonly #options: JournalExportsOptions;
  readonly #records: RecordStore<JournalExport>;
  readonly #running = new Set<Promise<void>>();

  private constructor(options: JournalExportsOptions, records: RecordStore<JournalExport>) {
    this.places = options.places;
    this.#options = options;
    this.#records = records;
  }

  /** Opens the list, and removes what is too old for it. */
  static async open(options: JournalExportsOptions): Promise<JournalExports> {
    const records = await options.store.openRecords<JournalExport>("exports");
    const exports = new JournalExports(options, records);
    for (const known of await records.readAll()) {
      if (!exports.#isListed(known)) await records.remove(known.exportId);
    }
    return exports;
  }

  /** Begins an export of the blocks in a span of time. */
  async start(ledgerName: string, request: JournalExportRequest): Promise<JournalExport> {
    const { store, clock, serverId } = this.#options;
    const { creationTime } = (await store.open(ledgerName)).description;
    const started: JournalExport = {
      ...request,
      // QLDB does the same with a start before the ledger's.
      inclusiveStartTime: Math.max(request.inclusiveStartTime, creationTime),
      exportId: newUniqueId(),
      ledgerName,
      creationTime: clock(),
      status: "IN_PROGRESS",
      serverId,
    };
    await this.#put(started);
    const running = this.#run(started).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return started;
  }

  /** Exports of a ledger, or of all, the newest first. */
  async list(ledgerName?: string): Promise<readonly JournalExport[]> {
    const listed = (await this.#records.readAll())
      .filter((known) => this.#isListed(known))
      .filter((known) => ledgerName === undefined || known.ledgerName === ledgerName)
      .sort((a, b) => b.creationTime - a.creationTime || (a.exportId < b.exportId ? -1 : 1));
    return Promise.all(listed.map((known) => this.#settle(known)));
  }

  /** Waits for the exports under way. */
  async close(): Promise<void> {
    await Promise.all(this.#running);
    await this.places.close();
  }

  #isListed({ creationTime }: JournalExport): boolean {
    return creationTime > this.#options.clock() - keptMs;
  }

  /** An export that was cut off by the end of its server is cancelled: its manifest was not written. */
  async #settle(known: JournalExport): Promise<JournalExport> {
    const { serverId, hasEnded } = this.#options;
    if (known.status !== "IN_PROGRESS" || known.serverId === serverId) return known;
    if (!(await hasEnded(known.serverId ?? ""))) return known;
    const cancelled: JournalExport = { ...known, status: "CANCELLED" };
    await this.#put(cancelled);
    return cancelled;
  }

  async #run(started: JournalExport): Promise<void> {
    let status: ExportStatus = "COMPLETED";
    try {
      await this.#write(started);
    } catch (error) {
      // QLDB has no other word for an export that came to nothing.
      status = "CANCELLED";
      this.#warn(started, error);
    }
    await this.#put({ ...started, status }).catch((error: unknown) => {
      this.#warn(started, error);
    });
  }

  #warn({ exportId, ledgerName }: JournalExport, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onWarning?.(
      `The export ${exportId} of the ledger ${ledgerName} came to nothing. ${reason}`,
    );
  }

  async #write(started: JournalExport): Promise<void> {
    const { inclusiveStartTime, exclusiveEndTime } = started;
    const ledger = await this.#options.store.open(started.ledgerName);
    await ledger.export({
      folder: await this.places.open(started),
      bucket: started.bucket,
      prefix: started.prefix,
      format: started.outputFormat,
      exportId: started.exportId,
      objectEncryptionType: started.objectEncryptionType,
      inclusiveStartTime: new Date(inclusiveStartTime),
      exclusiveEndTime: new Date(exclusiveEndTime),
      first: await findFirstBlock(ledger, inclusiveStartTime),
      last: (await findFirstBlock(ledger, exclusiveEndTime)) - 1,
    });
  }

  #put(changed: JournalExport): Promise<void> {
    return this.#records.write(changed.exportId, changed);
  }
}
