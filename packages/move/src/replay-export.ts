// SPDX-License-Identifier: MIT
import { BOOKKEEPING_TABLE, type DecodedEvent } from "@ledger-loader/core";
import type { ExportedBlock, JournalExport, SequenceRange } from "@ledger-loader/export";
import type { BlockAddress } from "@ledger-loader/journal";
import { readBlockRevisions, type BlockRevision } from "./block-revisions";
import type { Checkpoint, CheckpointFile } from "./checkpoint";
import { deliverAll, sourceDelivery, type OnRejected, type SourceDelivery } from "./deliver-all";
import { type ExportPart, readPart } from "./export-part";
import { findTakenField, type IdFieldSurveyOptions, IdFieldTakenError } from "./id-field-survey";
import type { ReplayTarget } from "./replay-target";
import { subjectOf, Tally, type Subject, type TallyReport } from "./tally";
import { mappedEvents, type ReplayChanges } from "./written-events";

/** The options of {@link replayExport}. */
export interface ReplayOptions extends ExportPart, Pick<ReplayChanges, "read"> {
  /** The name of the target in checkpoints and reports: `ledger:new`. */
  readonly targetName: string;
  /** Only these tables. Default: all but the loader's own. */
  readonly tables?: ReadonlySet<string> | undefined;
  /**
   * The field that keeps the ids of a table's documents. The replay ends with {@link IdFieldTakenError} before it delivers
   * anything of a table whose first documents have that field with other values. Default: that is not looked at.
   */
  readonly idFieldOf?: IdFieldSurveyOptions["idFieldOf"] | undefined;
  /** Where to go on, and where to note how far it came. */
  readonly checkpoint?: CheckpointFile | undefined;
  /** Kept in the checkpoint: the id field that was chosen because the documents have the default one. */
  readonly chosenIdField?: string | undefined;
  /** The target's changes to events before it writes them: id fields are looked for in the result. Default: nothing. */
  readonly transform?: ReplayChanges["transform"];
  /** The target judges and writes nothing: the checkpoint stays as it is. @defaultValue `false` */
  readonly dryRun?: boolean;
  /** Stops after the batch under way. */
  readonly signal?: AbortSignal;
  /** Called after every batch with the blocks and events that are done, and how many blocks there are if that is known. */
  readonly onProgress?: (blocks: number, total: number | undefined, events: number) => void;
  readonly onRejected?: OnRejected;
  /** Events per batch; for tests. */
  readonly batchEvents?: number;
}

/** The result of an export's revisions. */
export interface ReplayReport extends TallyReport {
  readonly target: string;
  readonly ledgerName: string | undefined;
  /** Blocks read by this run. */
  readonly blocks: number;
  /** Where this run began because of a checkpoint; `undefined`: at the export's beginning. */
  readonly resumedAfter: BlockAddress | undefined;
  /** Events that runs before the checkpoint rejected. They were not tried again. */
  readonly rejectedBefore: number;
  /** The last block whose events have all ended. */
  readonly lastBlock: BlockAddress | undefined;
  /** `false` after an interruption. */
  readonly complete: boolean;
  /** Revisions that were not meant to be replayed. */
  readonly leftOut: {
    /** Of the loader's own table. */
    readonly bookkeeping: number;
    /** Of tables that `tables` did not name, by table. */
    readonly otherTables: Readonly<Record<string, number>>;
    /** Names of `tables` that no revision had which this run read. */
    readonly tablesNotFound: readonly string[];
    /** Elements that are only a hash: QLDB's own, of no document. */
    readonly systemRevisions: number;
  };
  readonly elapsedMs: number;
}

/**
 * Sends every revision of an export to a target, in the order of the journal.
 *
 * Blocks are read no faster than the target takes their events; memory holds one batch. Hashes are not checked: that is
 * `verifyExport`. Replaying twice is harmless: what was applied is skipped.
 */
export async function replayExport(
  journal: JournalExport,
  target: ReplayTarget,
  options: ReplayOptions,
): Promise<ReplayReport> {
  return new Replay(journal, target, options).run();
}

/** So many revisions of each table are looked at for the id field. */
const FIRST_REVISIONS = 100;

interface BlockDelivery extends SourceDelivery {
  readonly address: BlockAddress;
}

class Replay {
  readonly #journal: JournalExport;
  readonly #target: ReplayTarget;
  readonly #options: ReplayOptions;
  readonly #tally = new Tally();
  readonly #started = Date.now();
  readonly #otherTables = new Map<string, number>();
  readonly #foundTables = new Set<string>();
  readonly #lookedAt = new Map<string, number>();
  #bookkeeping = 0;
  #systemRevisions = 0;
  #blocks = 0;
  #lastBlock: BlockAddress | undefined;

  constructor(journal: JournalExport, target: ReplayTarget, options: ReplayOptions) {
    this.#journal = journal;
    this.#target = target;
    this.#options = options;
  }

  async run(): Promise<ReplayReport> {
    const { checkpoint, targetName } = this.#options;
    const resumed = await checkpoint?.read(this.#journal.strandId ?? "", targetName);
    const range = this.#rangeAfter(resumed);
    const total = range === undefined ? undefined : range.last - range.first + 1;
    const isDone = resumed !== undefined && total !== undefined && total <= 0;
    const complete = isDone || (await this.#deliver(range, resumed, total));
    return this.#report(resumed, complete);
  }

  /** The blocks that are left; `undefined` for all of an export that does not say which it has. */
  #rangeAfter(resumed: Checkpoint | undefined): SequenceRange | undefined {
    const { range: all } = this.#journal;
    if (all === undefined) return undefined;
    const { first = all.first, last = all.last } = this.#options.range ?? {};
    return {
      first: Math.max(first, all.first, (resumed?.sequenceNo ?? -1) + 1),
      last: Math.min(last, all.last),
    };
  }

  #deliver(
    range: SequenceRange | undefined,
    resumed: Checkpoint | undefined,
    total: number | undefined,
  ): Promise<boolean> {
    const { signal, onRejected, batchEvents, onProgress } = this.#options;
    return deliverAll(this.#deliveries(range), this.#target, {
      tally: this.#tally,
      signal,
      onRejected,
      batchEvents,
      onBatch: async (last) => {
        this.#lastBlock = last.address;
        await this.#writeCheckpoint(last.address, resumed);
        onProgress?.(this.#blocks, total, this.#tally.events);
      },
    });
  }

  async #writeCheckpoint(address: BlockAddress, resumed: Checkpoint | undefined): Promise<void> {
    const { checkpoint, targetName: target, dryRun = false, chosenIdField: idField } = this.#options;
    if (dryRun) return;
    const rejected = (resumed?.rejected ?? 0) + this.#tally.rejected;
    await checkpoint?.write({ ...address, target, rejected, ...(idField === undefined ? {} : { idField }) });
  }

  async *#deliveries(range: SequenceRange | undefined): AsyncGenerator<BlockDelivery> {
    const { until } = this.#options;
    for await (const block of readPart(this.#journal, { range, until })) {
      this.#blocks += 1;
      yield this.#toDelivery(block);
    }
  }

  #toDelivery(block: ExportedBlock): BlockDelivery {
    const { revisions, systemRevisions } = readBlockRevisions(block);
    this.#systemRevisions += systemRevisions;
    const events: DecodedEvent[] = [];
    const subjects: Subject[] = [];
    let bytes = 0;
    for (const revision of revisions) {
      if (!this.#isReplayed(revision)) continue;
      this.#requireFreeIdField(revision);
      const made = mappedEvents(revision, this.#options.read);
      events.push(...made);
      const { table, id, version } = revision;
      subjects.push(
        ...made.map(({ event }) => (this.#options.read && event ? subjectOf(event) : { table, id, version })),
      );
      bytes += revision.data === undefined ? 0 : revision.data.end - revision.data.start;
    }
    const address = block.blockAddress;
    const content = { events, atomic: false };
    return { ...sourceDelivery(`block ${address.sequenceNo}`, content, bytes), subjects, address };
  }

  #isReplayed({ table }: BlockRevision): boolean {
    if (table === BOOKKEEPING_TABLE) {
      this.#bookkeeping += 1;
      return false;
    }
    if (table === undefined) return true;
    this.#foundTables.add(table);
    if (this.#options.tables?.has(table) !== false) return true;
    this.#otherTables.set(table, (this.#otherTables.get(table) ?? 0) + 1);
    return false;
  }

  #requireFreeIdField(revision: BlockRevision): void {
    const { idFieldOf } = this.#options;
    const { table = "" } = revision;
    const lookedAt = this.#lookedAt.get(table) ?? 0;
    if (idFieldOf === undefined || lookedAt >= FIRST_REVISIONS) return;
    this.#lookedAt.set(table, lookedAt + 1);
    const taken = findTakenField(revision, idFieldOf, this.#options);
    if (taken === undefined) return;
    throw new IdFieldTakenError(
      taken,
      ` of table ${taken.table} with a file (--id-fields), and keep the fields of the other tables`,
    );
  }

  #report(resumed: Checkpoint | undefined, complete: boolean): ReplayReport {
    const after = resumed && { strandId: resumed.strandId, sequenceNo: resumed.sequenceNo };
    return {
      ...this.#tally.report(),
      target: this.#options.targetName,
      ledgerName: this.#journal.ledgerName,
      blocks: this.#blocks,
      resumedAfter: after,
      rejectedBefore: resumed?.rejected ?? 0,
      lastBlock: this.#lastBlock ?? after,
      complete,
      leftOut: {
        bookkeeping: this.#bookkeeping,
        otherTables: Object.fromEntries(this.#otherTables),
        tablesNotFound: [...(this.#options.tables ?? [])].filter((name) => !this.#foundTables.has(name)),
        systemRevisions: this.#systemRevisions,
      },
      elapsedMs: Date.now() - this.#started,
    };
  }
}
