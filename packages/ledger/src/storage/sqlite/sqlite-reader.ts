// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import type { NodeAddress } from "@ledger-loader/journal";
import { OPEN_END } from "../open-end";
import { REVISION_COLUMNS, type RevisionRow, toRevision } from "../revision-row";
import type { Head, HistorySelection, StoredBlock, StoredCatalog, StoredRevision } from "../storage";
import type { Query, SqliteFile } from "./sqlite-file";

/** A long read lets other work of the process go on after this many rows. */
const rowsPerTurn = 256;

type HistoryRow = [rowNo: number, version: number, from: number, to: number, time: number];

/** How many rows there are, and their numbers with commas between, in any order: an array of each would take ten times as much. */
type RowList = [count: number, rowNos: string | null];

/** All reads of a ledger file. Each is as of a block, whatever is being written meanwhile. */
export class SqliteReader {
  readonly #head: Query<[number, Buffer, number]>;
  readonly #catalogChange: Query<[number]>;
  readonly #tables: Query<[number, string, string, number]>;
  readonly #dropped: Query<[number]>;
  readonly #indexes: Query<[number, string, number, string, number]>;
  readonly #newestUpTo: Query<[to: number, ...RevisionRow]>;
  readonly #byRow: Query<RevisionRow>;
  readonly #scan: Query<[number]>;
  readonly #entries: Query<[string]>;
  readonly #historyOfTable: Query<RowList>;
  readonly #historyRow: Query<HistoryRow>;
  readonly #historyOfDocument: Query<HistoryRow>;
  readonly #blockTime: Query<[number]>;
  readonly #block: Query<[number, Buffer, Buffer]>;
  readonly #merkleNode: Query<[Buffer]>;

  constructor(file: SqliteFile) {
    const columns = REVISION_COLUMNS.join(", ");
    const query = <Row extends unknown[]>(sql: string): Query<Row> => file.query<Row>(sql);
    this.#head = query("SELECT sequence_no, hash, time FROM blocks ORDER BY sequence_no DESC LIMIT 1");
    this.#catalogChange = query(
      `SELECT max(seq) FROM (
         SELECT max(from_seq) AS seq FROM table_periods
         UNION ALL SELECT max(to_seq) FROM table_periods WHERE to_seq < ${OPEN_END}
         UNION ALL SELECT max(from_seq) FROM indexes UNION ALL SELECT max(to_seq) FROM indexes WHERE to_seq < ${OPEN_END})`,
    );
    this.#tables = query(
      `SELECT table_no, table_id, name, EXISTS (SELECT 1 FROM table_periods p
         WHERE p.table_no = tables.table_no AND p.from_seq <= ? AND p.to_seq > ?)
       FROM tables WHERE from_seq <= ? ORDER BY table_no`,
    );
    this.#dropped = query("SELECT table_no FROM indexes WHERE to_seq <= ?");
    this.#indexes = query(
      "SELECT index_no, index_id, table_no, field, is_unique FROM indexes WHERE from_seq <= ? AND to_seq > ? ORDER BY index_no",
    );
    this.#newestUpTo = query(
      `SELECT to_seq, ${columns} FROM revisions
       WHERE document_id = ? AND from_seq <= ? ORDER BY version DESC LIMIT 1`,
    );
    this.#byRow = query(`SELECT ${columns} FROM revisions WHERE row_no = ?`);
    this.#scan = query(
      "SELECT row_no FROM revisions WHERE table_no = ? AND to_seq > ? AND from_seq <= ? LIMIT -1 OFFSET ?",
    );
    this.#entries = query(
      "SELECT document_id FROM index_entries WHERE index_no = ? AND key = ? AND to_seq > ? AND from_seq <= ?",
    );
    const historyColumns = "row_no, version, from_seq, to_seq, time";
    this.#historyOfTable = query(
      "SELECT count(*), group_concat(row_no) FROM revisions WHERE table_no = ? AND from_seq <= ?",
    );
    this.#historyRow = query(`SELECT ${historyColumns} FROM revisions WHERE row_no = ?`);
    this.#historyOfDocument = query(
      `SELECT ${historyColumns} FROM revisions
       WHERE document_id = ? AND table_no = ? AND from_seq <= ? ORDER BY version`,
    );
    this.#blockTime = query("SELECT time FROM blocks WHERE sequence_no = ?");
    this.#block = query("SELECT sequence_no, hash, ion FROM blocks WHERE sequence_no = ?");
    this.#merkleNode = query("SELECT hash FROM merkle_nodes WHERE level = ? AND position = ?");
  }

  readHead(): Head | undefined {
    const row = this.#head.get();
    if (row === undefined) return undefined;
    const [sequenceNo, blockHash, blockTime] = row;
    const change = this.#catalogChange.get()?.[0] as number | null | undefined;
    return { sequenceNo, blockHash, blockTime, catalogSequenceNo: change ?? -1 };
  }

  readCatalog(asOf: number): StoredCatalog {
    const indexes = this.#indexes.all(asOf, asOf);
    const dropped = this.#dropped.all(asOf).flat();
    return this.#tables.all(asOf, asOf, asOf).map(([tableNo, tableId, name, active]) => ({
      tableNo,
      tableId,
      name,
      active: active === 1,
      droppedIndexes: dropped.filter((indexedTableNo) => indexedTableNo === tableNo).length,
      indexes: indexes
        .filter(([, , indexedTableNo]) => indexedTableNo === tableNo)
        .map(([indexNo, indexId, , field, unique]) => ({ indexNo, indexId, field, unique: unique === 1 })),
    }));
  }

  findById(tableNo: number, documentId: string, asOf: number): StoredRevision | undefined {
    const row = this.#newestUpTo.get(documentId, asOf);
    if (row === undefined) return undefined;
    const [end, ...columns] = row;
    return end > asOf && columns[0] === tableNo ? toRevision(columns) : undefined;
  }

  findByIds(tableNo: number, documentIds: readonly string[], asOf: number): StoredRevision[] {
    const found = documentIds.map((documentId) => this.findById(tableNo, documentId, asOf));
    return found.filter((revision) => revision !== undefined);
  }

  async *findByIndex(
    tableNo: number,
    indexNo: number,
    key: string,
    asOf: number,
  ): AsyncIterable<StoredRevision> {
    const documentIds = this.#entries.all(indexNo, key, asOf, asOf);
    for (const [at, [documentId]] of documentIds.entries()) {
      if (at % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
      const revision = this.findById(tableNo, documentId, asOf);
      if (revision !== undefined) yield revision;
    }
  }

  async *scan(tableNo: number, asOf: number, skip = 0): AsyncIterable<StoredRevision> {
    // The rows are listed at once, because a commit between two steps would move them within the index.
    yield* this.#readRows(this.#scan.all(tableNo, asOf, asOf, skip).map(([rowNo]) => rowNo));
  }

  async *history(tableNo: number, selection: HistorySelection, asOf: number): AsyncIterable<StoredRevision> {
    const { documentIds } = selection;
    if (documentIds === undefined) {
      yield* this.#historyOf(toRowNos(this.#historyOfTable.get(tableNo, asOf)), selection, asOf);
      return;
    }
    const rows = [...new Set(documentIds)].flatMap((id) => this.#historyOfDocument.all(id, tableNo, asOf));
    const selected = rows.filter((row) => this.#isSelected(row, selection, asOf));
    yield* this.#readRows(selected.map(([rowNo]) => rowNo));
  }

  /** The revisions of a whole table may be more than fit into memory. */
  async *#historyOf(
    rowNos: Iterable<number>,
    selection: HistorySelection,
    asOf: number,
  ): AsyncIterable<StoredRevision> {
    let at = 0;
    for (const rowNo of rowNos) {
      if (++at % rowsPerTurn === 0) await setImmediate();
      const row = this.#historyRow.get(rowNo);
      if (row === undefined || !this.#isSelected(row, selection, asOf)) continue;
      const columns = this.#byRow.get(rowNo);
      if (columns !== undefined) yield toRevision(columns);
    }
  }

  #isSelected(
    [, version, from, to, time]: HistoryRow,
    { versions, start, end }: HistorySelection,
    asOf: number,
  ): boolean {
    return (
      (versions === undefined || versions.includes(version)) &&
      (end === undefined || time <= end) &&
      (start === undefined || this.#heldUntil(from, to, asOf) >= start)
    );
  }

  /** When a revision was superseded. A deletion holds for ever. */
  #heldUntil(from: number, to: number, asOf: number): number {
    if (to > asOf || to === from) return Infinity;
    return this.#blockTime.get(to)?.[0] ?? Infinity;
  }

  async *#readRows(rowNos: readonly number[]): AsyncIterable<StoredRevision> {
    for (const [at, rowNo] of rowNos.entries()) {
      if (at % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
      const row = this.#byRow.get(rowNo);
      if (row !== undefined) yield toRevision(row);
    }
  }

  readBlock(sequenceNo: number): StoredBlock | undefined {
    const row = this.#block.get(sequenceNo);
    return row === undefined ? undefined : { sequenceNo: row[0], hash: row[1], ion: row[2] };
  }

  async *readBlocks(first: number, last: number): AsyncIterable<StoredBlock> {
    for (let sequenceNo = first; sequenceNo <= last; sequenceNo++) {
      if (sequenceNo % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
      const block = this.readBlock(sequenceNo);
      // A gap is for the verifier to report; a reader that stopped here would hide everything behind it.
      if (block !== undefined) yield block;
    }
  }

  readMerkleNode({ level, index }: NodeAddress): Buffer | undefined {
    return this.#merkleNode.get(level, index)?.[0];
  }
}

/** The numbers of a list of rows, ascending. */
function toRowNos([count, text]: RowList = [0, null]): Float64Array {
  const rowNos = new Float64Array(count);
  let from = 0;
  for (let at = 0; at < count; at++) {
    const comma = (text ?? "").indexOf(",", from);
    rowNos[at] = Number(text?.slice(from, comma < 0 ? undefined : comma));
    from = comma + 1;
  }
  return rowNos.sort();
}
