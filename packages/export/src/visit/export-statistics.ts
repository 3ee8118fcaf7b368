// SPDX-License-Identifier: MIT
import type { SequenceRange } from "../read/data-object-name";
import type { ExportedBlock, ExportedRevision } from "../read/exported-block";
import type { JournalExport } from "../read/journal-export";
import type { RevisionCounts } from "../verify/verification-report";
import { type ExportVisitor, visitExport } from "./visit-export";

/** A table of the export, by what the transactions say of its documents. */
export interface TableStatistics {
  readonly tableId: string;
  readonly tableName: string;
  /** Documents that were inserted. */
  documents: number;
  revisions: number;
  deletions: number;
  redacted: number;
  readonly firstBlock: number;
  lastBlock: number;
}

/** The counts of an hour, day or month. */
export interface PeriodStatistics {
  /** The beginning of an ISO 8601 time, to the hour, day or month: `2020-06-01T10`. */
  readonly period: string;
  blocks: number;
  revisions: number;
  bytes: number;
}

/** Into which periods blocks are counted, by their timestamps in UTC. */
export type StatisticsPeriod = "hour" | "day" | "month";

/** The counts of an export. Hashes are not checked. */
export interface ExportStatistics {
  readonly blocks: number;
  readonly statements: number;
  /** Bytes of the blocks as they stand in the data objects, inflated. */
  readonly bytes: number;
  readonly revisions: Readonly<RevisionCounts>;
  readonly first: BlockPlace | undefined;
  readonly last: BlockPlace | undefined;
  /** By name, then by id. */
  readonly tables: readonly Readonly<TableStatistics>[];
  readonly periods: readonly Readonly<PeriodStatistics>[];
}

/** A block's number and its time. */
export interface BlockPlace {
  readonly sequenceNo: number;
  readonly blockTimestamp: string;
}

/** How statistics are made. */
export interface StatisticsOptions {
  /** Both ends included. */
  readonly range?: Partial<SequenceRange>;
  /** @defaultValue `day` */
  readonly every?: StatisticsPeriod;
  readonly onProgress?: (blocks: number) => void;
}

/** How much of a timestamp tells its period. */
const LENGTHS: Readonly<Record<StatisticsPeriod, number>> = { hour: 13, day: 10, month: 7 };

/** Counts what an export holds, in one pass. Throws what `visitExport` throws. */
export async function countExport(
  journal: JournalExport,
  { range, every = "day", onProgress }: StatisticsOptions = {},
): Promise<ExportStatistics> {
  const counter = new ExportCounter(LENGTHS[every], onProgress);
  await visitExport(journal, counter, range);
  return counter.statistics;
}

class ExportCounter implements ExportVisitor {
  readonly #periodLength: number;
  readonly #onProgress: ((blocks: number) => void) | undefined;
  readonly #revisions: RevisionCounts = { data: 0, delete: 0, redacted: 0, "hash-only": 0 };
  readonly #tables = new Map<string, TableStatistics>();
  readonly #periods = new Map<string, PeriodStatistics>();
  #first: BlockPlace | undefined;
  #last: BlockPlace | undefined;
  #blocks = 0;
  #statements = 0;
  #bytes = 0;

  constructor(periodLength: number, onProgress: ((blocks: number) => void) | undefined) {
    this.#periodLength = periodLength;
    this.#onProgress = onProgress;
  }

  visitBlock({ blockAddress, blockTimestamp, statements, size, revisions }: ExportedBlock): void {
    this.#last = { sequenceNo: blockAddress.sequenceNo, blockTimestamp };
    this.#first ??= this.#last;
    this.#blocks++;
    this.#statements += statements.length;
    this.#bytes += size;
    const name = blockTimestamp.slice(0, this.#periodLength);
    const period = this.#periods.get(name) ?? { period: name, blocks: 0, revisions: 0, bytes: 0 };
    this.#periods.set(name, period);
    period.blocks++;
    period.revisions += revisions.length;
    period.bytes += size;
    this.#onProgress?.(this.#blocks);
  }

  visitRevision({ kind, document, metadata }: ExportedRevision, { blockAddress }: ExportedBlock): void {
    this.#revisions[kind]++;
    if (document === undefined || metadata === undefined) return;
    const { sequenceNo } = blockAddress;
    const { tableId, tableName } = document;
    const table = this.#tables.get(tableId) ?? {
      ...{ tableId, tableName, documents: 0, revisions: 0, deletions: 0, redacted: 0 },
      ...{ firstBlock: sequenceNo, lastBlock: sequenceNo },
    };
    this.#tables.set(tableId, table);
    table.revisions++;
    table.lastBlock = sequenceNo;
    if (metadata.version === 0) table.documents++;
    if (kind === "delete") table.deletions++;
    if (kind === "redacted") table.redacted++;
  }

  get statistics(): ExportStatistics {
    return {
      blocks: this.#blocks,
      statements: this.#statements,
      bytes: this.#bytes,
      revisions: this.#revisions,
      first: this.#first,
      last: this.#last,
      tables: [...this.#tables.values()].toSorted(byName),
      periods: [...this.#periods.values()],
    };
  }
}

function byName(a: TableStatistics, b: TableStatistics): number {
  const [x, y] = [a, b].map(({ tableName, tableId }) => `${tableName}\0${tableId}`);
  return x === y ? 0 : (x ?? "") < (y ?? "") ? -1 : 1;
}
