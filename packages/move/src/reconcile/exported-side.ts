// SPDX-License-Identifier: MIT
import { BOOKKEEPING_TABLE } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { type ExportPart, readPart } from "../export-part";
import { type ExportedRecord, fingerprintExport, type FingerprintOptions } from "./fingerprint-export";
import type { ReconcileReport } from "./reconcile-report";
import { SortedSpill, type SortedSpillOptions } from "./sorted-spill";

/** Which revisions of an export are compared, with what the replay made of them, and how they are sorted. */
export interface ExportedSideOptions
  extends ExportPart, FingerprintOptions, Omit<SortedSpillOptions<ExportedRecord>, "keyOf"> {
  /** Only these tables of the export. Default: all. */
  readonly tables?: ReadonlySet<string> | undefined;
}

/** The revisions of an export as hashes, sorted by table and document. */
export class ExportedSide {
  readonly #options: ExportedSideOptions;
  readonly #spill: SortedSpill<ExportedRecord>;
  readonly #bookkeeping = new Set<string>();
  readonly #others = new Set<string>();
  /** Tables that revisions of the tables which were asked for went to. */
  readonly #targets = new Set<string>();
  #systemRevisions = 0;
  #revisions = 0;

  constructor(options: ExportedSideOptions) {
    this.#options = options;
    const { folder, runSize } = options;
    this.#spill = new SortedSpill<ExportedRecord>({ keyOf: recordKeyOf, folder, runSize });
  }

  /** Revisions to compare. */
  get revisions(): number {
    return this.#revisions;
  }

  /** The parts of this export, and of other tables that were asked about, that are not compared. */
  get leftOut(): ReconcileReport["leftOut"] {
    return {
      bookkeepingTables: [...this.#bookkeeping].sort(),
      otherTables: [...this.#others].sort(),
      systemRevisions: this.#systemRevisions,
    };
  }

  /** Reads the export. */
  async read(journal: JournalExport, onBlock: (revisions: number) => void): Promise<void> {
    for await (const block of readPart(journal, this.#options)) {
      const { records, systemRevisions } = fingerprintExport(block, this.#options, this.#isRead);
      this.#systemRevisions += systemRevisions;
      for (const record of records) {
        await this.#spill.add(record);
        this.#targets.add(record.table);
      }
      this.#revisions += records.length;
      onBlock(this.#revisions);
    }
  }

  /**
   * True for a table of the ledger that is compared: one that was asked for or, after a mapping, that revisions of those tables
   * went to. The loader's own is never compared. MUST be called after {@link ExportedSide.read}.
   */
  isCompared(table: string): boolean {
    const { read, tables } = this.#options;
    return this.#isAmong(table, read === undefined ? tables : tables && this.#targets);
  }

  readonly #isRead = (table: string): boolean => this.#isAmong(table, this.#options.tables);

  #isAmong(table: string, tables: ReadonlySet<string> | undefined): boolean {
    if (table === BOOKKEEPING_TABLE) this.#bookkeeping.add(table);
    else if (tables?.has(table) === false) this.#others.add(table);
    else return true;
    return false;
  }

  /** All revisions, to be read once. */
  sorted(): AsyncIterable<ExportedRecord> {
    return this.#spill.sorted();
  }

  /** Removes the temporary files. */
  dispose(): Promise<void> {
    return this.#spill.dispose();
  }
}

/** The key that both sides are sorted by. */
export function recordKeyOf({ table, id }: { readonly table: string; readonly id: string }): string {
  return `${table}\u0000${id}`;
}
