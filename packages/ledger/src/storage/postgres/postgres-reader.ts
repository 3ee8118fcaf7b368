// SPDX-License-Identifier: MIT
import type { NodeAddress } from "@ledger-loader/journal";
import { REVISION_COLUMNS, type RevisionRow, toRevision } from "../revision-row";
import type { Head, HistorySelection, StoredBlock, StoredCatalog, StoredRevision } from "../storage";
import type { RunSql, SqlParameter, SqlStatement } from "./postgres-database";

/** Rows that one round trip reads. */
const PAGE_ROWS = 256;
const PAGE_BLOCKS_FIRST = 16;
const PAGE_BLOCKS_MAX = 512;
/** The size of blocks that one round trip should read. Blocks differ in size. */
const PAGE_BYTES = 1024 * 1024;

type HeadRow = [sequenceNo: number, hash: Buffer, time: number, catalogSequenceNo: number];

/** The statements of all reads, for one ledger. */
function statementsFor(schema: string) {
  const statement = (name: string, text: string): SqlStatement => ({ name: `${schema}.${name}`, text });
  const columns = REVISION_COLUMNS.map((column) => `r.${column}`).join(", ");
  const newest = (documentId: string, asOf: string): string =>
    `(SELECT * FROM ${schema}.revisions n WHERE n.document_id = ${documentId} AND n.from_seq <= ${asOf}
      ORDER BY n.version DESC LIMIT 1) r`;
  const entries = `${schema}.index_entries e`;
  const listed =
    "e.index_no = $1 AND e.key = $2 AND e.to_seq > $3 AND e.from_seq <= $3 AND e.document_id > $4";
  return {
    head: statement("head", `SELECT sequence_no, hash, time, catalog_sequence_no FROM ${schema}.head`),
    tables: statement(
      "tables",
      `SELECT table_no, table_id, name,
         EXISTS (SELECT 1 FROM ${schema}.table_periods p WHERE p.table_no = t.table_no AND p.from_seq <= $1 AND p.to_seq > $1),
         (SELECT count(*) FROM ${schema}.indexes i WHERE i.table_no = t.table_no AND i.to_seq <= $1)
       FROM ${schema}.tables t WHERE from_seq <= $1 ORDER BY table_no`,
    ),
    indexes: statement(
      "indexes",
      `SELECT index_no, index_id, table_no, field, is_unique FROM ${schema}.indexes
       WHERE from_seq <= $1 AND to_seq > $1 ORDER BY index_no`,
    ),
    byIds: statement(
      "by_ids",
      `SELECT ${columns} FROM unnest($1::text[]) WITH ORDINALITY AS w (id, at), LATERAL ${newest("w.id", "$2")}
       WHERE r.to_seq > $2 AND r.table_no = $3 ORDER BY w.at`,
    ),
    byIndex: statement(
      "by_index",
      `SELECT ${columns} FROM ${entries}, LATERAL ${newest("e.document_id", "$3")}
       WHERE ${listed} AND r.to_seq > $3 AND r.table_no = $5 ORDER BY e.document_id LIMIT ${PAGE_ROWS}`,
    ),
    listed: statement(
      "listed",
      `SELECT e.document_id FROM ${entries} WHERE ${listed} ORDER BY e.document_id`,
    ),
    scan: statement(
      "scan",
      `SELECT row_no FROM ${schema}.revisions WHERE table_no = $1 AND to_seq > $2 AND from_seq <= $2
       ORDER BY row_no OFFSET $3`,
    ),
    byRows: statement(
      "by_rows",
      `SELECT ${columns} FROM unnest($1::bigint[]) WITH ORDINALITY AS w (row_no, at)
       JOIN ${schema}.revisions r ON r.row_no = w.row_no ORDER BY w.at`,
    ),
    blocks: statement(
      "blocks",
      `SELECT sequence_no, hash, ion FROM ${schema}.blocks WHERE sequence_no BETWEEN $1 AND $2
       ORDER BY sequence_no LIMIT $3`,
    ),
    nodes: statement(
      "nodes",
      `SELECT n.hash FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS w (level, position, at)
       LEFT JOIN ${schema}.merkle_nodes n ON n.level = w.level AND n.position = w.position ORDER BY w.at`,
    ),
  };
}

/** All reads of a ledger in PostgreSQL. Each is as of a block, whatever is being written meanwhile. */
export class PostgresReader {
  readonly #schema: string;
  readonly #run: RunSql;
  readonly #statements: ReturnType<typeof statementsFor>;

  constructor(schema: string, run: RunSql) {
    this.#schema = schema;
    this.#run = run;
    this.#statements = statementsFor(schema);
  }

  async readHead(): Promise<Head | undefined> {
    const [row] = await this.#run<HeadRow>(this.#statements.head);
    return row === undefined ? undefined : toHead(row);
  }

  async readCatalog(asOf: number): Promise<StoredCatalog> {
    const [tables, indexes] = await Promise.all([
      this.#run<[number, string, Buffer, boolean, number]>(this.#statements.tables, [asOf]),
      this.#run<[number, string, number, Buffer, boolean]>(this.#statements.indexes, [asOf]),
    ]);
    return tables.map(([tableNo, tableId, name, active, droppedIndexes]) => ({
      tableNo,
      tableId,
      name: name.toString(),
      active,
      droppedIndexes,
      indexes: indexes
        .filter(([, , indexedTableNo]) => indexedTableNo === tableNo)
        .map(([indexNo, indexId, , field, unique]) => ({
          indexNo,
          indexId,
          field: field.toString(),
          unique,
        })),
    }));
  }

  async findByIds(tableNo: number, documentIds: readonly string[], asOf: number): Promise<StoredRevision[]> {
    const ids = documentIds.filter(isStorable);
    if (ids.length === 0) return [];
    return (await this.#run<RevisionRow>(this.#statements.byIds, [ids, asOf, tableNo])).map(toRevision);
  }

  async *findByIndex(
    tableNo: number,
    indexNo: number,
    key: string,
    asOf: number,
  ): AsyncIterable<StoredRevision> {
    const lookup = [indexNo, Buffer.from(key), asOf];
    const first = await this.#run<RevisionRow>(this.#statements.byIndex, [...lookup, "", tableNo]);
    yield* first.map(toRevision);
    const last = first[PAGE_ROWS - 1];
    if (last === undefined) return;
    const rest = await this.#run<[string]>(this.#statements.listed, [...lookup, last[1]]);
    for (const ids of pagesOf(rest.map(([documentId]) => documentId))) {
      yield* await this.findByIds(tableNo, ids, asOf);
    }
  }

  async *scan(tableNo: number, asOf: number, skip = 0): AsyncIterable<StoredRevision> {
    yield* this.#readRows(await this.#run<[number]>(this.#statements.scan, [tableNo, asOf, skip]));
  }

  async *history(tableNo: number, selection: HistorySelection, asOf: number): AsyncIterable<StoredRevision> {
    const { text, values } = historyQuery(this.#schema, tableNo, selection, asOf);
    yield* this.#readRows(await this.#run<[number]>(text, values));
  }

  /** Rows never change but for their end, so that they can be read page by page. */
  async *#readRows(rowNos: readonly [number][]): AsyncIterable<StoredRevision> {
    for (const page of pagesOf(rowNos.map(([rowNo]) => rowNo))) {
      yield* (await this.#run<RevisionRow>(this.#statements.byRows, [page])).map(toRevision);
    }
  }

  async readBlock(sequenceNo: number): Promise<StoredBlock | undefined> {
    const [row] = await this.#readPage(sequenceNo, sequenceNo, 1);
    return row;
  }

  async *readBlocks(first: number, last: number): AsyncIterable<StoredBlock> {
    let next = first;
    let limit = PAGE_BLOCKS_FIRST;
    while (next <= last) {
      const page = await this.#readPage(next, last, limit);
      yield* page;
      const newest = page.at(-1);
      if (newest === undefined || page.length < limit) return;
      next = newest.sequenceNo + 1;
      const bytes = page.reduce((sum, { ion }) => sum + ion.length, 1);
      limit = Math.max(1, Math.min(PAGE_BLOCKS_MAX, Math.floor((limit * PAGE_BYTES) / bytes)));
    }
  }

  async #readPage(first: number, last: number, limit: number): Promise<StoredBlock[]> {
    const rows = await this.#run<[number, Buffer, Buffer]>(this.#statements.blocks, [first, last, limit]);
    return rows.map(([sequenceNo, hash, ion]) => ({ sequenceNo, hash, ion }));
  }

  /** The nodes in the order of their places; `undefined` for one that is missing. */
  async readMerkleNodes(places: readonly NodeAddress[]): Promise<(Buffer | undefined)[]> {
    if (places.length === 0) return [];
    const values = [places.map(({ level }) => level), places.map(({ index }) => index)];
    const rows = await this.#run<[Buffer | null]>(this.#statements.nodes, values);
    return rows.map(([hash]) => hash ?? undefined);
  }
}

/** The row of `head`; it stands at block -1 before the first one. */
export function toHead([sequenceNo, blockHash, blockTime, catalogSequenceNo]: HeadRow): Head | undefined {
  return sequenceNo < 0 ? undefined : { sequenceNo, blockHash, blockTime, catalogSequenceNo };
}

/** False for ids that no document can have: PostgreSQL's text has no character 0. */
export function isStorable(documentId: string): boolean {
  return !documentId.includes("\0");
}

/** A revision holds until the block that superseded it. A deletion holds for ever. */
function historyQuery(
  schema: string,
  tableNo: number,
  { documentIds, versions, start, end }: HistorySelection,
  asOf: number,
): { text: string; values: SqlParameter[] } {
  const values: SqlParameter[] = [tableNo, asOf];
  const parameter = (value: SqlParameter): string => `$${values.push(value)}`;
  const conditions = ["r.table_no = $1", "r.from_seq <= $2"];
  let order = "r.row_no";
  if (documentIds !== undefined) {
    const ids = parameter([...new Set(documentIds)].filter(isStorable));
    conditions.push(`r.document_id = ANY (${ids}::text[])`);
    order = `array_position(${ids}::text[], r.document_id), r.version`;
  }
  if (versions !== undefined) conditions.push(`r.version = ANY (${parameter([...versions])}::float8[])`);
  if (end !== undefined) conditions.push(`r.time <= ${parameter(end)}::float8`);
  if (start !== undefined) conditions.push(`(b.time IS NULL OR b.time >= ${parameter(start)}::float8)`);
  const text = `SELECT r.row_no FROM ${schema}.revisions r
    LEFT JOIN ${schema}.blocks b ON b.sequence_no = r.to_seq AND r.to_seq <> r.from_seq AND r.to_seq <= $2
    WHERE ${conditions.join(" AND ")} ORDER BY ${order}`;
  return { text, values };
}

function* pagesOf<T>(items: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += PAGE_ROWS) yield items.slice(at, at + PAGE_ROWS);
}
