// SPDX-License-Identifier: MIT
import { join } from "node:path";
import type { Clock } from "../clock";
import type { LedgerStore } from "../ledger-store";
import { findFirstBlock } from "../find-first-block";
import { JsonFiles } from "../storage/json-files";
import { newUniqueId } from "../unique-id";
import type { ExportStatus, JournalExport, JournalExportRequest } from "./journal-export";

/** How exports are made. */
export interface JournalExportsOptions {
  readonly store: LedgerStore;
  /** Where the list of exports is kept. */
  readonly folder: string;
  /** The folder whose folders stand for buckets. */
  readonly target: string;
  readonly clock: Clock;
  /** Told why an export failed. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

/** QLDB lists an export for 7 days. */
const keptMs = 7 * 86_400_000;

/** The exports of all ledgers of a server, to folders. */
export class JournalExports {
  readonly #options: JournalExportsOptions;
  readonly #files: JsonFiles<JournalExport>;
  readonly #exports = new Map<string, JournalExport>();
  readonly #running = new Set<Promise<void>>();

  private constructor(options: JournalExportsOptions, files: JsonFiles<JournalExport>) {
    this.#options = options;
    this.#files = files;
  }

  /** Opens the list. An export that was cut off by the end of the process is cancelled: its manifest was not written. */
  static async open(options: JournalExportsOptions): Promise<JournalExports> {
    const exports = new JournalExports(options, await JsonFiles.open<JournalExport>(options.folder));
    for (const known of await exports.#files.readAll()) {
      if (known.creationTime <= options.clock() - keptMs) await exports.#files.remove(known.exportId);
      else await exports.#put(known.status === "IN_PROGRESS" ? { ...known, status: "CANCELLED" } : known);
    }
    return exports;
  }

  /** Begins an export of the blocks in a span of time. */
  async start(ledgerName: string, request: JournalExportRequest): Promise<JournalExport> {
    const { creationTime } = (await this.#options.store.open(ledgerName)).description;
    const started: JournalExport = {
      ...request,
      // QLDB does the same with a start before the ledger's.
      inclusiveStartTime: Math.max(request.inclusiveStartTime, creationTime),
      exportId: newUniqueId(),
      ledgerName,
      creationTime: this.#options.clock(),
      status: "IN_PROGRESS",
    };
    await this.#put(started);
    const running = this.#run(started)
      .catch((error: unknown) => this.#options.onDefect?.(error))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return started;
  }

  /** Exports of a ledger, or of all, the newest first. */
  list(ledgerName?: string): readonly JournalExport[] {
    const forgottenBefore = this.#options.clock() - keptMs;
    return [...this.#exports.values()]
      .filter((known) => known.creationTime > forgottenBefore)
      .filter((known) => ledgerName === undefined || known.ledgerName === ledgerName)
      .sort((a, b) => b.creationTime - a.creationTime || (a.exportId < b.exportId ? -1 : 1));
  }

  /** Waits for the exports under way. */
  async close(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(started: JournalExport): Promise<void> {
    let status: ExportStatus = "COMPLETED";
    try {
      await this.#write(started);
    } catch (error) {
      // QLDB has no other word for an export that came to nothing.
      status = "CANCELLED";
      this.#options.onDefect?.(error);
    }
    await this.#put({ ...started, status });
  }

  async #write(started: JournalExport): Promise<void> {
    const { inclusiveStartTime, exclusiveEndTime, bucket, prefix, outputFormat, exportId } = started;
    const ledger = await this.#options.store.open(started.ledgerName);
    await ledger.export({
      folder: join(this.#options.target, bucket),
      bucket,
      prefix,
      format: outputFormat,
      exportId,
      inclusiveStartTime: new Date(inclusiveStartTime),
      exclusiveEndTime: new Date(exclusiveEndTime),
      first: await findFirstBlock(ledger, inclusiveStartTime),
      last: (await findFirstBlock(ledger, exclusiveEndTime)) - 1,
    });
  }

  async #put(changed: JournalExport): Promise<void> {
    this.#exports.set(changed.exportId, changed);
    await this.#files.write(changed.exportId, changed);
  }
}
