// SPDX-License-Identifier: MIT
import type { IonNode } from "@ledger-loader/ion";
import type {
  Catalog,
  CatalogRevision,
  CatalogTable,
  HistoryOptions,
  RedactionTarget,
  ReplaceOptions,
  Undecoded,
} from "@ledger-loader/partiql";
import type { dom, Timestamp } from "ion-js";

/** The act of a statement on a table; QLDB's name of the permission after `qldb:PartiQL`. */
export type TableAction =
  | "Select"
  | "HistoryFunction"
  | "Insert"
  | "Update"
  | "Delete"
  | "Redact"
  | "CreateTable"
  | "DropTable"
  | "UndropTable"
  | "CreateIndex"
  | "DropIndex";

/** A table that a permission is asked for. Without an id, it is about to be created. */
export interface TableToAuthorize {
  readonly tableId?: string;
  readonly name: string;
}

/** Throws for what a statement may not do. */
export interface StatementAuthorizer {
  requireTable(action: TableAction, table: TableToAuthorize): void;
  /** Asked before `information_schema.user_tables` is read. */
  requireUserTables(): void;
}

/**
 * A catalog that asks for permission before each operation.
 *
 * Every way to documents leads through the catalog, so nested queries and joins need no rules of their own. A statement
 * that changes documents needs the permission to read them too, because it looks for them.
 */
export class AuthorizedCatalog implements Catalog {
  readonly #catalog: Catalog;
  readonly #authorizer: StatementAuthorizer;

  constructor(catalog: Catalog, authorizer: StatementAuthorizer) {
    this.#catalog = catalog;
    this.#authorizer = authorizer;
  }

  get transactionId(): string {
    return this.#catalog.transactionId;
  }

  now(): Timestamp {
    return this.#catalog.now();
  }

  async findTable(name: string): Promise<CatalogTable | undefined> {
    return this.#wrap(await this.#catalog.findTable(name));
  }

  async findTableById(tableId: string): Promise<CatalogTable | undefined> {
    return this.#wrap(await this.#catalog.findTableById(tableId));
  }

  #wrap(table: CatalogTable | undefined): CatalogTable | undefined {
    return table === undefined ? undefined : new AuthorizedTable(table, this.#authorizer);
  }

  userTables(): Promise<readonly dom.Value[]> {
    this.#authorizer.requireUserTables();
    return this.#catalog.userTables();
  }

  createTable(name: string, tags: Readonly<Record<string, string>>): Promise<string> {
    this.#authorizer.requireTable("CreateTable", { name });
    return this.#catalog.createTable(name, tags);
  }

  createIndex(table: CatalogTable, field: string, options: { readonly unique: boolean }): Promise<string> {
    this.#authorizer.requireTable("CreateIndex", table);
    return this.#catalog.createIndex(table, field, options);
  }

  dropTable(table: CatalogTable): Promise<string> {
    this.#authorizer.requireTable("DropTable", table);
    return this.#catalog.dropTable(table);
  }

  undropTable(table: CatalogTable): Promise<string> {
    this.#authorizer.requireTable("UndropTable", table);
    return this.#catalog.undropTable(table);
  }

  dropIndex(table: CatalogTable, indexId: string): Promise<string> {
    this.#authorizer.requireTable("DropIndex", table);
    return this.#catalog.dropIndex(table, indexId);
  }

  async redactRevision(target: RedactionTarget): Promise<number> {
    const table = await this.#catalog.findTableById(target.tableId);
    if (table !== undefined) this.#authorizer.requireTable("Redact", table);
    return this.#catalog.redactRevision(target);
  }
}

class AuthorizedTable implements CatalogTable {
  readonly #table: CatalogTable;
  readonly #authorizer: StatementAuthorizer;

  constructor(table: CatalogTable, authorizer: StatementAuthorizer) {
    this.#table = table;
    this.#authorizer = authorizer;
  }

  get tableId(): string {
    return this.#table.tableId;
  }

  get name(): string {
    return this.#table.name;
  }

  get indexedFields(): ReadonlySet<string> {
    return this.#table.indexedFields;
  }

  scan(skip?: number): AsyncIterable<CatalogRevision> {
    return this.#allowed("Select").scan(skip);
  }

  findByIds(ids: readonly string[]): AsyncIterable<CatalogRevision> {
    return this.#allowed("Select").findByIds(ids);
  }

  findByIndex(field: string, values: readonly dom.Value[]): AsyncIterable<CatalogRevision> {
    return this.#allowed("Select").findByIndex(field, values);
  }

  history(options: HistoryOptions): AsyncIterable<CatalogRevision> {
    return this.#allowed("HistoryFunction").history(options);
  }

  insert(documents: readonly Undecoded[]): Promise<readonly string[]> {
    return this.#allowed("Insert").insert(documents);
  }

  replace(documentId: string, data: IonNode, options: ReplaceOptions): Promise<void> {
    return this.#allowed("Update").replace(documentId, data, options);
  }

  delete(documentId: string): Promise<void> {
    return this.#allowed("Delete").delete(documentId);
  }

  #allowed(action: TableAction): CatalogTable {
    this.#authorizer.requireTable(action, this.#table);
    return this.#table;
  }
}
