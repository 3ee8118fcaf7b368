// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import { type DerivedCell, endAsOf, toDerivedLine } from "../derived-line";
import type { SqliteFile } from "./sqlite-file";

const pageRows = 256;

/**
 * Renders everything derived from the journal up to a block, one line per row.
 *
 * What came later is left out: rows of later blocks, and ends that later blocks have put. Documents and index keys
 * stand in the lines as hashes, so that a line may be shown.
 */
export async function* derivedRows(file: SqliteFile, upTo: number): AsyncIterable<string> {
  yield* tableRows(file, upTo);
  yield* indexRows(file, upTo);
  yield* revisionRows(file, upTo);
  yield* entryRows(file, upTo);
  yield* nodeRows(file, upTo);
}

function* tableRows(file: SqliteFile, upTo: number): Iterable<string> {
  // When a table last changed may lie beyond `upTo`; it must not lie before what the table holds.
  const rows = file
    .query<DerivedCell[]>(
      `SELECT table_no, table_id, name, from_seq,
       changed_seq >= ifnull((SELECT max(r.from_seq) FROM revisions r WHERE r.table_no = tables.table_no), 0)
     FROM tables WHERE from_seq <= ? ORDER BY table_no`,
    )
    .all(upTo);
  const periods = file.query<[number, number]>(
    "SELECT from_seq, to_seq FROM table_periods WHERE table_no = ? AND from_seq <= ? ORDER BY from_seq",
  );
  for (const [tableNo, ...row] of rows) {
    const active = periods.all(Number(tableNo), upTo).flatMap(([from, to]) => [from, endAsOf(to, upTo)]);
    yield toDerivedLine("tables", [tableNo, ...row, ...active]);
  }
}

function* indexRows(file: SqliteFile, upTo: number): Iterable<string> {
  const rows = file
    .query<DerivedCell[]>(
      "SELECT index_no, index_id, table_no, field, is_unique, from_seq, to_seq FROM indexes WHERE from_seq <= ? ORDER BY index_no",
    )
    .all(upTo);
  for (const row of rows) yield toDerivedLine("indexes", [...row.slice(0, -1), endAsOf(row.at(-1), upTo)]);
}

async function* revisionRows(file: SqliteFile, upTo: number): AsyncIterable<string> {
  const page = file.query<
    DerivedCell[]
  >(`SELECT document_id, version, to_seq, from_seq, table_no, time, transaction_id, hash, data_hash, data
     FROM revisions WHERE (document_id, version) > (?, ?) ORDER BY document_id, version LIMIT ${pageRows}`);
  let rows = page.all("", -1);
  while (rows.length > 0) {
    for (const [documentId, version, to, from, ...rest] of rows) {
      if (Number(from) <= upTo)
        yield toDerivedLine("revisions", [documentId, version, from, endAsOf(to, upTo), ...rest]);
    }
    const [documentId, version] = rows[rows.length - 1] ?? [];
    await setImmediate();
    rows = page.all(String(documentId), Number(version));
  }
}

async function* entryRows(file: SqliteFile, upTo: number): AsyncIterable<string> {
  // Entries of dropped indexes mean nothing, and are removed when the file is opened.
  const dropped = file.query<[number]>("SELECT index_no FROM indexes WHERE to_seq <= ?").all(upTo).flat();
  const nextKey = file.query<[number, string]>(
    "SELECT index_no, key FROM index_entries WHERE (index_no, key) > (?, ?) ORDER BY index_no, key LIMIT 1",
  );
  // Entries of one key are sorted here: in the file their order depends on ends that are left out.
  const entries = file.query<[string, number, number]>(
    "SELECT document_id, from_seq, to_seq FROM index_entries WHERE index_no = ? AND key = ?",
  );
  let turn = 0;
  for (let at = nextKey.get(0, ""); at !== undefined; at = nextKey.get(...at)) {
    if (++turn % pageRows === 0) await setImmediate();
    const [indexNo, key] = at;
    if (dropped.includes(indexNo)) continue;
    const rows = entries.all(indexNo, key).filter(([, from]) => from <= upTo);
    rows.sort(([a, from], [b, otherFrom]) => (a < b ? -1 : a > b ? 1 : from - otherFrom));
    for (const [documentId, from, to] of rows) {
      yield toDerivedLine("index_entries", [indexNo, Buffer.from(key), documentId, from, endAsOf(to, upTo)]);
    }
  }
}

async function* nodeRows(file: SqliteFile, upTo: number): AsyncIterable<string> {
  const page = file.query<
    [number, number, Buffer]
  >(`SELECT level, position, hash FROM merkle_nodes WHERE (level, position) > (?, ?)
     ORDER BY level, position LIMIT ${pageRows}`);
  let rows = page.all(-1, -1);
  while (rows.length > 0) {
    for (const [level, position, hash] of rows) {
      // A node is there once all leaves below it are.
      if ((position + 1) * 2 ** level <= upTo + 1)
        yield toDerivedLine("merkle_nodes", [level, position, hash]);
    }
    const [level, position] = rows[rows.length - 1] ?? [0, 0];
    await setImmediate();
    rows = page.all(level, position);
  }
}
