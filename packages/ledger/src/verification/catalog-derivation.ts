// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { Block, DocumentInfo, TransactionInfo } from "@ledger-loader/journal";
import { execute, type StatementKind } from "@ledger-loader/partiql";
import { qldbLimits } from "../limits";
import { applyToCatalog } from "../storage/apply-to-catalog";
import type { CatalogChange, LedgerStorage, StoredCatalog, StoredTable } from "../storage/storage";
import { RowCursor } from "../transaction/row-cursor";
import { StatementCache } from "../transaction/statement-cache";
import { TransactionCatalog } from "../transaction/transaction-catalog";
import { TransactionContext } from "../transaction/transaction-context";
import type { DerivationNotes } from "./derivation-notes";
import type { GivenIds } from "./given-ids";
import { useToldId } from "./told-ids";

/** Statements that cannot define anything need not be compiled. */
const MAY_DEFINE = /\b(create|drop|undrop)\b/i;

/** Statements that define something, although they may not be understood. */
const DEFINES = /^\s*(create|drop|undrop)\s/i;

const definitions: ReadonlySet<StatementKind> = new Set([
  "create-table",
  "drop-table",
  "undrop-table",
  "create-index",
  "drop-index",
]);

/** Limits that were kept when the journal was written are not judged again. */
const unlimited = {
  ...qldbLimits,
  tablesMax: Infinity,
  activeTablesMax: Infinity,
  indexesPerTableMax: Infinity,
};

/** The evidence of a block's changes in tables and indexes. */
export interface CatalogEvidence {
  readonly block: Block;
  readonly info: TransactionInfo;
  /** Tables and indexes before the block. */
  readonly catalog: StoredCatalog;
  /** True if a ledger of this project made the block: then everything in it must be understood. */
  readonly sealed: boolean;
}

/**
 * Derives from blocks what happened to tables and indexes.
 *
 * Definitions are run again. Of the ids, a block tells only those of the tables whose documents it changed. All other ids
 * follow from the transaction's id, which is how this project's ledger makes them; for a table of Amazon QLDB such an id is
 * made up, until a document tells the table's own id. Ids that are known otherwise take their place.
 */
export class CatalogDerivation {
  readonly #storage: LedgerStorage;
  readonly #notes: DerivationNotes;
  readonly #given: GivenIds;
  readonly #statements = new StatementCache();

  constructor(storage: LedgerStorage, notes: DerivationNotes, given: GivenIds) {
    this.#storage = storage;
    this.#notes = notes;
    this.#given = given;
  }

  /**
   * The changes of one block, in order.
   *
   * @param isEmpty - tells of a table whether no document of it has been seen, so that its id may be made up.
   */
  async derive(
    evidence: CatalogEvidence,
    isEmpty: (tableNo: number) => Promise<boolean>,
  ): Promise<readonly CatalogChange[]> {
    const defined = await this.#runDefinitions(evidence, isEmpty);
    if (evidence.sealed) return defined;
    const { changes, given } = this.#given.give(evidence.catalog, defined);
    this.#noteMadeUp(evidence.catalog, changes, given);
    return [...changes, ...(await this.#identify(evidence, changes, isEmpty))];
  }

  async #runDefinitions(
    { block, info, catalog, sealed }: CatalogEvidence,
    isEmpty: (tableNo: number) => Promise<boolean>,
  ): Promise<readonly CatalogChange[]> {
    const candidates = info.statements.filter(({ statement }) => MAY_DEFINE.test(statement));
    if (candidates.length === 0) return [];
    const context = new TransactionContext({
      transactionId: block.transactionId,
      storage: this.#storage,
      strandId: block.blockAddress.strandId,
      limits: unlimited,
      asOf: block.blockAddress.sequenceNo - 1,
      catalog,
    });
    const startTime = Date.parse(block.blockTimestamp);
    for (const { statement } of candidates) {
      try {
        if (!sealed && (await useToldId(statement, context.draft, isEmpty))) continue;
        await this.#runDefinition(statement, new TransactionCatalog(context, startTime));
      } catch (error) {
        if (sealed || !(error instanceof LedgerLoaderError)) throw error;
        if (DEFINES.test(statement)) this.#notes.notUnderstood(block.blockAddress.sequenceNo, error.message);
      }
    }
    return context.draft.changes;
  }

  async #runDefinition(text: string, catalog: TransactionCatalog): Promise<void> {
    const statement = await this.#statements.compile(text);
    if (definitions.has(statement.kind)) await new RowCursor(execute(statement, [], catalog)).drain();
  }

  #noteMadeUp(
    catalog: StoredCatalog,
    changes: readonly CatalogChange[],
    given: ReadonlySet<CatalogChange>,
  ): void {
    const after = applyToCatalog(catalog, changes);
    for (const change of changes) {
      if (given.has(change)) continue;
      if (change.kind === "create-table") this.#notes.madeUpTable(change);
      if (change.kind === "identify-table") this.#notes.identified(change.tableNo);
      if (change.kind === "drop-index") this.#notes.droppedIndex(change.indexNo);
      if (change.kind === "create-index") {
        this.#notes.madeUpIndex(after[change.tableNo - 1]?.name ?? "", change);
      }
    }
  }

  /** Gives tables the ids that documents tell, and makes tables whose definition was not understood. */
  async #identify(
    { block, info, catalog }: CatalogEvidence,
    defined: readonly CatalogChange[],
    isEmpty: (tableNo: number) => Promise<boolean>,
  ): Promise<readonly CatalogChange[]> {
    let tables = applyToCatalog(catalog, defined);
    const added: CatalogChange[] = [];
    for (const document of info.documents?.values() ?? []) {
      if (tables.some(({ tableId }) => tableId === document.tableId)) continue;
      const table = await findUnidentified(tables, document.tableName, isEmpty);
      const changes = table === undefined ? imply(tables, document) : [identify(table, document)];
      if (table === undefined) this.#notes.implied(block.blockAddress.sequenceNo, document.tableName);
      else this.#notes.identified(table.tableNo);
      added.push(...changes);
      tables = applyToCatalog(tables, changes);
    }
    return added;
  }
}

/** The table of a name whose id nothing has told yet: the active one or, if there is none, the one dropped last. */
async function findUnidentified(
  tables: StoredCatalog,
  name: string,
  isEmpty: (tableNo: number) => Promise<boolean>,
): Promise<StoredTable | undefined> {
  const named = tables.filter((table) => table.name === name).reverse();
  for (const table of [...named.filter(({ active }) => active), ...named.filter(({ active }) => !active)]) {
    if (await isEmpty(table.tableNo)) return table;
  }
  return undefined;
}

function identify({ tableNo }: StoredTable, { tableId }: DocumentInfo): CatalogChange {
  return { kind: "identify-table", tableNo, tableId };
}

/** A table that only its documents tell of. Another one that has its name must have been dropped before. */
function imply(tables: StoredCatalog, { tableId, tableName }: DocumentInfo): CatalogChange[] {
  const other = tables.find(({ active, name }) => active && name === tableName);
  return [
    ...(other === undefined ? [] : [{ kind: "drop-table", tableNo: other.tableNo } as const]),
    { kind: "create-table", tableNo: tables.length + 1, tableId, name: tableName, tags: {} },
  ];
}
