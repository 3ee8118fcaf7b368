// SPDX-License-Identifier: MIT
import type { CatalogChange } from "../storage/storage";

/** Notes of one kind beyond these are counted and not kept. */
const NOTES_MAX = 100;

/** An id that the journal does not tell, so that it was made up. */
export interface MadeUpId {
  readonly tableName: string;
  /** The indexed field, if the id is an index's. */
  readonly field?: string;
  readonly id: string;
}

/** Something of a journal that the derived state lacks. Never holds content of documents. */
export interface DerivationGap {
  readonly kind:
    /** A statement that defines a table or index could not be run. */
    | "statement"
    /** A table that no statement defines: its documents tell its name and id. */
    | "implied-table"
    /** A revision whose table is not told: only its block holds the revision. */
    | "unplaced-revision";
  readonly sequenceNo: number;
  readonly message: string;
}

type Created = Extract<CatalogChange, { readonly kind: "create-table" | "create-index" }>;

/** The parts that deriving a state from blocks of Amazon QLDB had to make up, and what it could not derive. */
export class DerivationNotes {
  readonly #tables = new Map<number, MadeUpId>();
  readonly #indexes = new Map<number, MadeUpId>();
  readonly #gaps: DerivationGap[] = [];
  #gapCount = 0;

  /** The ids that were made up and that nothing has told since. */
  get madeUpIds(): readonly MadeUpId[] {
    return [...this.#tables.values(), ...this.#indexes.values()];
  }

  /** The first gaps, in order; {@link gapCount} counts all. */
  get gaps(): readonly DerivationGap[] {
    return this.#gaps;
  }

  get gapCount(): number {
    return this.#gapCount;
  }

  madeUpTable({ tableNo, tableId, name }: Extract<Created, { readonly kind: "create-table" }>): void {
    this.#tables.set(tableNo, { tableName: name, id: tableId });
  }

  madeUpIndex(
    tableName: string,
    { indexNo, indexId, field }: Extract<Created, { readonly kind: "create-index" }>,
  ): void {
    this.#indexes.set(indexNo, { tableName, field, id: indexId });
  }

  /** A block has told the id of a table. */
  identified(tableNo: number): void {
    this.#tables.delete(tableNo);
  }

  droppedIndex(indexNo: number): void {
    this.#indexes.delete(indexNo);
  }

  /** @param problem - the reason, without content of documents. */
  notUnderstood(sequenceNo: number, problem: string): void {
    this.#add("statement", sequenceNo, `A definition of a table or index was left out: ${problem}`);
  }

  implied(sequenceNo: number, tableName: string): void {
    const message = `No statement that creates table ${tableName} was understood; its documents tell its id.`;
    this.#add("implied-table", sequenceNo, message);
  }

  unplaced(sequenceNo: number, documentId: string): void {
    const message = `The block does not tell the table of document ${documentId}: only the block holds the revision.`;
    this.#add("unplaced-revision", sequenceNo, message);
  }

  #add(kind: DerivationGap["kind"], sequenceNo: number, message: string): void {
    this.#gapCount += 1;
    if (this.#gaps.length < NOTES_MAX) this.#gaps.push({ kind, sequenceNo, message });
  }
}
