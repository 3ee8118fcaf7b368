// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Database } from "libsql";
import { prepareQuery } from "./query";

const pageRows = 256;

/** Each derived table with the key that orders it, whatever order its rows were written in. */
const derivedTables = [
  { table: "tables", columns: "table_no, table_id, name, from_seq, to_seq, changed_seq", key: ["table_no"] },
  { table: "indexes", columns: "index_no, index_id, table_no, field, from_seq, to_seq", key: ["index_no"] },
  {
    table: "revisions",
    columns: "document_id, version, table_no, from_seq, to_seq, time, transaction_id, hash, data_hash, data",
    key: ["document_id", "version"],
  },
  {
    table: "index_entries",
    columns: "index_no, key, to_seq, document_id, from_seq",
    key: ["index_no", "key", "to_seq", "document_id", "from_seq"],
  },
  { table: "merkle_nodes", columns: "level, position, hash", key: ["level", "position"] },
] as const;

type Cell = number | string | Buffer | null;

/** Renders everything derived from the journal, one line per row; bytes as their SHA-256. */
export async function* derivedRows(database: Database): AsyncIterable<string> {
  for (const { table, columns, key } of derivedTables) {
    const keyColumns = key.join(", ");
    const select = `SELECT ${columns} FROM ${table}`;
    const first = prepareQuery<Cell[]>(database, `${select} ORDER BY ${keyColumns} LIMIT ${pageRows}`);
    const next = prepareQuery<Cell[]>(
      database,
      `${select} WHERE (${keyColumns}) > (${key.map(() => "?").join(", ")}) ORDER BY ${keyColumns} LIMIT ${pageRows}`,
    );
    const names = columns.split(", ");
    let rows = first.all();
    while (rows.length > 0) {
      for (const row of rows) yield `${table} ${row.map(toText).join(" ")}`;
      const last = rows[rows.length - 1] ?? [];
      rows = next.all(...key.map((name) => last[names.indexOf(name)] ?? null));
      await setImmediate();
    }
  }
}

function toText(cell: Cell): string {
  return Buffer.isBuffer(cell) ? createHash("sha256").update(cell).digest("hex") : JSON.stringify(cell);
}
