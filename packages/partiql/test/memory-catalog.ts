// SPDX-License-Identifier: MIT
import { decodeIon, IonDraft, type IonNode, IonSlice, TypeCode } from "@ledger-loader/ion";
import { dom, Timestamp } from "ion-js";
import type {
  Catalog,
  CatalogRevision,
  CatalogTable,
  HistoryOptions,
  PathKey,
  RedactionTarget,
  ReplaceOptions,
  Undecoded,
} from "@ledger-loader/partiql";
import { fieldOf, indexKey, valueAt } from "@ledger-loader/partiql";
import { makeStruct } from "../src/value/struct";

/** A catalog in memory: the port's second implementation, whose every change is its own committed transaction. */
export class MemoryCatalog implements Catalog {
  readonly transactionId = "transaction00000000001";
  /** The requests of the evaluator to tables, such as `Person.findByIndex(GovId: 1)`: so that tests see what was read. */
  readonly reads: string[] = [];
  /** How often the evaluator asked for a document's data. */
  decoded = 0;
  /** How often it asked for one field of a document. */
  fieldsRead = 0;
  readonly tables: MemoryTable[] = [];
  readonly #clock = Timestamp.parse("2021-06-01T12:00:00.000Z")!;
  #height = 0;

  now(): Timestamp {
    return this.#clock;
  }

  /** The next block's number, which is also its minute. */
  nextBlock(): number {
    this.#height += 1;
    return this.#height;
  }

  findTable(name: string): Promise<MemoryTable | undefined> {
    return Promise.resolve(this.tables.find((table) => table.active && table.name === name));
  }

  findTableById(tableId: string): Promise<MemoryTable | undefined> {
    return Promise.resolve(this.tables.find((table) => table.tableId === tableId));
  }

  userTables(): Promise<readonly dom.Value[]> {
    return Promise.resolve(this.tables.map((table) => table.describe()));
  }

  createTable(name: string): Promise<string> {
    const tableId = `table${String(this.tables.length + 1).padStart(17, "0")}`;
    this.tables.push(new MemoryTable(this, tableId, name));
    return Promise.resolve(tableId);
  }

  createIndex(table: CatalogTable, field: string): Promise<string> {
    this.tables.find(({ tableId }) => tableId === table.tableId)!.indexedFields.add(field);
    return Promise.resolve(table.tableId);
  }

  dropTable(table: CatalogTable): Promise<string> {
    this.tables.find(({ tableId }) => tableId === table.tableId)!.active = false;
    return Promise.resolve(table.tableId);
  }

  undropTable(table: CatalogTable): Promise<string> {
    this.tables.find(({ tableId }) => tableId === table.tableId)!.active = true;
    return Promise.resolve(table.tableId);
  }

  dropIndex(table: CatalogTable, indexId: string): Promise<string> {
    const { indexedFields } = this.tables.find(({ tableId }) => tableId === table.tableId)!;
    indexedFields.delete(indexId.replace("index-", ""));
    return Promise.resolve(table.tableId);
  }

  redactRevision({ blockAddress, tableId, documentId }: RedactionTarget): Promise<number> {
    const table = this.tables.find((candidate) => candidate.tableId === tableId)!;
    return Promise.resolve(table.redactAt(documentId, blockAddress.sequenceNo));
  }
}

/** A table that keeps every revision and finds indexed documents by their key. */
export class MemoryTable implements CatalogTable {
  readonly tableId: string;
  readonly name: string;
  readonly indexedFields = new Set<string>();
  active = true;
  /** How many modifications each replacement was told to be. */
  readonly modifications: number[] = [];
  readonly #catalog: MemoryCatalog;
  readonly #revisions: MemoryRevision[] = [];
  #documents = 0;

  constructor(catalog: MemoryCatalog, tableId: string, name: string) {
    this.#catalog = catalog;
    this.tableId = tableId;
    this.name = name;
  }

  async *scan(skip = 0): AsyncGenerator<CatalogRevision> {
    this.#read("scan()");
    let toSkip = skip;
    // An array's iterator sees what is appended meanwhile, on purpose: a store without snapshots does so too.
    for (const revision of this.#revisions) {
      if (!this.#isCurrent(revision)) continue;
      if (toSkip > 0) toSkip -= 1;
      else yield await Promise.resolve(revision);
    }
  }

  async *findByIds(ids: readonly string[]): AsyncGenerator<CatalogRevision> {
    this.#read(`findByIds(${ids.join(", ")})`);
    for (const id of ids) {
      const revision = this.#current(id);
      if (revision !== undefined) yield await Promise.resolve(revision);
    }
  }

  async *findByIndex(field: string, values: readonly dom.Value[]): AsyncGenerator<CatalogRevision> {
    if (!this.indexedFields.has(field)) throw new Error(`no index on ${field}`);
    this.#read(`findByIndex(${field}, ${String(values.length)})`);
    const keys = new Set(values.map(indexKey));
    for (const revision of this.#revisions.filter((candidate) => this.#isCurrent(candidate))) {
      const value = fieldOf(revision.stored, field);
      if (value !== undefined && keys.has(indexKey(value))) yield await Promise.resolve(revision);
    }
  }

  async *history(options: HistoryOptions): AsyncGenerator<CatalogRevision> {
    const { documentIds, versions, start, end } = options;
    this.#read(`history(${documentIds?.join(", ") ?? "*"}; ${versions?.join(", ") ?? "*"})`);
    for (const revision of this.#revisions) {
      if (documentIds !== undefined && !documentIds.includes(revision.documentId)) continue;
      if (versions !== undefined && !versions.includes(revision.version)) continue;
      const next = this.#revisions.find(
        (other) => other.documentId === revision.documentId && other.version === revision.version + 1,
      );
      if (start !== undefined && next !== undefined && next.time.compareTo(start) <= 0) continue;
      if (end !== undefined && revision.time.compareTo(end) > 0) continue;
      yield await Promise.resolve(revision);
    }
  }

  insert(documents: readonly Undecoded[]): Promise<readonly string[]> {
    const ids = documents.map((document) => {
      this.#documents += 1;
      const id = `${this.name}${String(this.#documents)}`;
      this.#append(id, 0, toValue(document));
      return id;
    });
    return Promise.resolve(ids);
  }

  replace(documentId: string, data: IonNode, options: ReplaceOptions): Promise<void> {
    this.modifications.push(options.modifications);
    this.#append(documentId, this.#current(documentId)!.version + 1, toValue(data));
    return Promise.resolve();
  }

  delete(documentId: string): Promise<void> {
    this.#append(documentId, this.#current(documentId)!.version + 1, undefined);
    return Promise.resolve();
  }

  /** Replaces a revision's data by its hash. */
  redact(documentId: string, version: number): void {
    this.#revisions.find(
      (revision) => revision.documentId === documentId && revision.version === version,
    )!.redacted = true;
  }

  /** Redacts the revision that a block holds, and returns its version. */
  redactAt(documentId: string, sequenceNo: number): number {
    const { version } = this.#revisions.find(
      (revision) => revision.documentId === documentId && revision.block === sequenceNo,
    )!;
    this.redact(documentId, version);
    return version;
  }

  /** The row of `information_schema.user_tables`. */
  describe(): dom.Value {
    const indexes = [...this.indexedFields].map((field) => ({
      indexId: `index-${field}`,
      expr: `[${field}]`,
      status: "ONLINE",
    }));
    return dom.Value.from({
      tableId: this.tableId,
      name: this.name,
      indexes,
      status: this.active ? "ACTIVE" : "INACTIVE",
    });
  }

  #append(documentId: string, version: number, data: dom.Value | undefined): void {
    this.#revisions.push(new MemoryRevision(documentId, version, data, this.#catalog));
  }

  #current(documentId: string): MemoryRevision | undefined {
    const last = this.#revisions.findLast((revision) => revision.documentId === documentId);
    return last?.stored === undefined ? undefined : last;
  }

  #isCurrent(revision: MemoryRevision): boolean {
    return this.#current(revision.documentId) === revision;
  }

  #read(what: string): void {
    this.#catalog.reads.push(`${this.name}.${what}`);
  }
}

class MemoryRevision implements CatalogRevision {
  readonly documentId: string;
  readonly version: number;
  readonly time: Timestamp;
  redacted = false;
  /** The data, for the catalog's own use. */
  readonly stored: dom.Value | undefined;
  readonly #catalog: MemoryCatalog;
  readonly block: number;

  constructor(documentId: string, version: number, stored: dom.Value | undefined, catalog: MemoryCatalog) {
    this.documentId = documentId;
    this.version = version;
    this.stored = stored;
    this.#catalog = catalog;
    this.block = catalog.nextBlock();
    this.time = Timestamp.parse(new Date(Date.UTC(2021, 0, 1, 0, this.block)).toISOString())!;
  }

  data(): dom.Value | undefined {
    this.#catalog.decoded += 1;
    return this.redacted ? undefined : this.stored;
  }

  content(): dom.Value | undefined {
    return this.redacted ? undefined : this.stored;
  }

  at(path: readonly PathKey[]): dom.Value | undefined {
    this.#catalog.fieldsRead += 1;
    return this.redacted ? undefined : valueAt(this.stored, path);
  }

  dataHash(): dom.Value | undefined {
    return this.redacted ? new dom.Blob(Buffer.from("hash")) : undefined;
  }

  metadata(): dom.Value {
    const { documentId: id, version } = this;
    return dom.Value.from({ id, version, txTime: this.time, txId: `transaction${String(this.block)}` });
  }

  blockAddress(): dom.Value {
    return dom.Value.from({ strandId: "strand", sequenceNo: this.block });
  }

  hash(): dom.Value {
    return new dom.Blob(Buffer.from([this.block]));
  }
}

/** Decoding would move fields with names like numbers to the front. */
function toValue(node: IonNode): dom.Value {
  if (node instanceof IonSlice) return decodeIon(node);
  if (!(node instanceof IonDraft)) return node;
  const annotations = node.annotations.map((annotation) => annotation ?? "$0");
  const members = node.members.map(([name, member]) => [name ?? "$0", toValue(member)] as const);
  if (node.code === TypeCode.STRUCT) return makeStruct(members, annotations);
  const elements = members.map(([, element]) => element);
  return node.code === TypeCode.LIST
    ? new dom.List(elements, annotations)
    : new dom.SExpression(elements, annotations);
}
