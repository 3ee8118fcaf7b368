// SPDX-License-Identifier: MIT
import type { Catalog, CatalogTable, RedactionTarget } from "@ledger-loader/partiql";
import { dom, type Timestamp } from "ion-js";
import { toIonTimestamp } from "../clock";
import { CatalogError, LedgerLimitError, RedactionError } from "../errors";
import type { StoredRevision, StoredTable, Tags } from "../storage/storage";
import { refuseTags } from "../tags";
import { requireUniqueField } from "./require-unique";
import { toStruct } from "./catalog-revision";
import type { TransactionContext } from "./transaction-context";
import { TransactionTable } from "./transaction-table";

/** Longest name of a table or an indexed field, in characters (QLDB's limit). */
const nameCharactersMax = 128;

/** The tables of one transaction, as of one of its statements. */
export class TransactionCatalog implements Catalog {
  readonly #context: TransactionContext;
  readonly #startTime: number;
  #now: Timestamp | undefined;

  /** @param startTime - when the statement began, in milliseconds since 1970 */
  constructor(context: TransactionContext, startTime: number) {
    this.#context = context;
    this.#startTime = startTime;
  }

  get transactionId(): string {
    return this.#context.base.transactionId;
  }

  now(): Timestamp {
    this.#now ??= toIonTimestamp(this.#startTime);
    return this.#now;
  }

  findTable(name: string): Promise<TransactionTable | undefined> {
    const { reads, draft, base } = this.#context;
    // Whether the name means something else at commit is judged against the snapshot, not against own changes.
    const committed = base.catalog.find((table) => table.active && table.name === name);
    reads.tableNames.set(name, committed?.tableNo);
    return Promise.resolve(this.#toTable(draft.findActive(name)));
  }

  findTableById(tableId: string): Promise<TransactionTable | undefined> {
    const { reads, draft } = this.#context;
    const table = draft.findById(tableId);
    if (table === undefined) reads.catalog = true;
    return Promise.resolve(this.#toTable(table));
  }

  #toTable(table: StoredTable | undefined): TransactionTable | undefined {
    return table === undefined ? undefined : new TransactionTable(this.#context, table);
  }

  userTables(): Promise<readonly dom.Value[]> {
    this.#context.reads.catalog = true;
    return Promise.resolve(this.#context.draft.tables.map(toUserTable));
  }

  createTable(name: string, tags: Tags): Promise<string> {
    const { reads, draft, base } = this.#context;
    reads.catalog = true;
    checkName("table", name);
    const refusal = refuseTags(tags);
    if (refusal !== undefined) throw new CatalogError(refusal);
    this.#requireFreeName(name);
    const { tablesMax } = base.limits;
    if (draft.tables.length >= tablesMax) {
      throw new CatalogError(
        `Exceeded tables limit: Ledger has ${tablesMax} total tables, and cannot create another.`,
      );
    }
    this.#requireRoomForActive();
    return Promise.resolve(draft.createTable(name, tags));
  }

  async createIndex(
    { tableId, name }: CatalogTable,
    field: string,
    { unique }: { readonly unique: boolean },
  ): Promise<string> {
    const { reads, draft, base } = this.#context;
    reads.catalog = true;
    checkName("field", field);
    const table = this.#read(tableId);
    const { tableNo, indexes } = table;
    if (indexes.some((index) => index.field === field)) {
      throw new CatalogError(
        `Expected no index on field ${field} of table ${name}, found one: nothing to do.`,
      );
    }
    const { indexesPerTableMax } = base.limits;
    if (indexes.length >= indexesPerTableMax) {
      throw new CatalogError(
        `Expected fewer than ${indexesPerTableMax} indexes on table ${name}, found ${indexes.length}: an index cannot be added.`,
      );
    }
    if (unique) await requireUniqueField(this.#context, table, field);
    draft.createIndex(tableNo, field, unique);
    return tableId;
  }

  dropTable({ tableId }: CatalogTable): Promise<string> {
    const { reads, draft } = this.#context;
    reads.catalog = true;
    draft.dropTable(this.#read(tableId).tableNo);
    return Promise.resolve(tableId);
  }

  undropTable({ tableId, name }: CatalogTable): Promise<string> {
    const { reads, draft } = this.#context;
    reads.catalog = true;
    const { tableNo, active } = this.#read(tableId);
    if (active)
      throw new CatalogError(`Expected a dropped table, found that table ${name} is active: nothing to do.`);
    this.#requireFreeName(name);
    this.#requireRoomForActive();
    draft.undropTable(tableNo);
    return Promise.resolve(tableId);
  }

  dropIndex({ tableId, name }: CatalogTable, indexId: string): Promise<string> {
    const { reads, draft } = this.#context;
    reads.catalog = true;
    const { tableNo, indexes } = this.#read(tableId);
    const index = indexes.find((candidate) => candidate.indexId === indexId);
    if (index === undefined) {
      throw new CatalogError(
        `Expected an index of table ${name}, found none with this id: take indexId from information_schema.user_tables.`,
      );
    }
    draft.dropIndex(tableNo, index.indexNo);
    return Promise.resolve(tableId);
  }

  #requireFreeName(name: string): void {
    if (this.#context.draft.findActive(name) === undefined) return;
    throw new CatalogError(`Table with name: ${name} already exists`);
  }

  #requireRoomForActive(): void {
    const { draft, base } = this.#context;
    const { activeTablesMax } = base.limits;
    if (draft.tables.filter((table) => table.active).length < activeTablesMax) return;
    throw new CatalogError(
      `Exceeded active tables limit: Ledger has ${activeTablesMax} active tables, and cannot create another.`,
    );
  }

  async redactRevision(target: RedactionTarget): Promise<number> {
    const { redactions, base } = this.#context;
    const { version } = await this.#readRedactable(target);
    const { tableId, documentId, blockAddress } = target;
    if (redactions.some((other) => other.documentId === documentId && other.version === version)) {
      throw new RedactionError("one that this transaction redacts already", "redact each revision once");
    }
    const { redactionsPerTransactionMax: max } = base.limits;
    if (redactions.length >= max) {
      throw new LedgerLimitError("redactions per transaction", max, redactions.length + 1);
    }
    redactions.push({ blockAddress, tableId, documentId, version });
    return version;
  }

  /**
   * QLDB's rule: only a revision with data that a later one has superseded.
   * https://docs.aws.amazon.com/qldb/latest/developerguide/working.redaction.html
   */
  async #readRedactable({ blockAddress, tableId, documentId }: RedactionTarget): Promise<StoredRevision> {
    const { reads, base } = this.#context;
    const table = this.#context.draft.findById(tableId);
    const isHere = blockAddress.strandId === base.strandId && table !== undefined;
    reads.documentIds.add(documentId);
    const history = isHere ? await this.#historyOf(table, documentId) : [];
    const revision = history.find(({ sequenceNo }) => sequenceNo === blockAddress.sequenceNo);
    if (revision === undefined) {
      throw new RedactionError(
        "no such revision",
        "take blockAddress and metadata.id from history(), and the table's id from information_schema.user_tables",
      );
    }
    if (revision.dataHash !== undefined)
      throw new RedactionError("one that is redacted", "nothing is left to do");
    if (revision.data === undefined) {
      throw new RedactionError("a deletion, which has no data", "redact the revision before it");
    }
    if (revision === history.at(-1)) {
      throw new RedactionError("the current one", "update or delete the document in an earlier transaction");
    }
    return revision;
  }

  async #historyOf({ tableNo }: StoredTable, documentId: string): Promise<StoredRevision[]> {
    const { storage, asOf } = this.#context.base;
    const revisions: StoredRevision[] = [];
    for await (const revision of storage.history(tableNo, { documentIds: [documentId] }, asOf)) {
      revisions.push(revision);
    }
    return revisions;
  }

  #read(tableId: string): StoredTable {
    const table = this.#context.draft.findById(tableId);
    if (table === undefined) throw new Error("Expected a table of this catalog, found another's.");
    return table;
  }
}

function checkName(what: string, name: string): void {
  if (name.length >= 1 && name.length <= nameCharactersMax) return;
  throw new CatalogError(
    `Expected a ${what} name of 1 to ${nameCharactersMax} characters, found ${name.length}: choose a shorter one.`,
  );
}

/** A row of `information_schema.user_tables`. Index expressions are written as QLDB wrote them: `[field]`. */
function toUserTable({ tableId, name, active, indexes }: StoredTable): dom.Value {
  return toStruct({
    tableId: new dom.String(tableId),
    name: new dom.String(name),
    indexes: new dom.List(
      indexes.map(({ indexId, field, unique }) =>
        toStruct({
          indexId: new dom.String(indexId),
          expr: new dom.String(`[${field}]`),
          status: new dom.String("ONLINE"),
          // QLDB had no unique indexes: its own rows have no such field.
          ...(unique && { unique: new dom.Boolean(true) }),
        }),
      ),
    ),
    status: new dom.String(active ? "ACTIVE" : "INACTIVE"),
  });
}
