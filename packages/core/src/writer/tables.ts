// SPDX-License-Identifier: MIT
import { IonTypes, type dom } from "ion-js";
import { BOOKKEEPING_KEY, BOOKKEEPING_TABLE } from "./bookkeeping";
import { StatementRefusedError, TableSetupError } from "../errors";
import { quoteIdentifier, type FieldName, type TableName } from "../event/identifier";
import type { Ledger } from "../ledger/ledger";

/** The active tables of a ledger, each with the fields that have a usable index. */
export type Tables = ReadonlyMap<string, ReadonlySet<string>>;

/** States in which an index exists, but must not be relied upon (QLDB developer guide, managing indexes). */
const UNUSABLE_INDEX_STATES: readonly string[] = ["FAILED", "DELETING"];

/** Reads the ledger's active tables and their indexes. */
export async function readTables(ledger: Ledger): Promise<Tables> {
  const rows = await ledger.transact((transaction) =>
    transaction.execute("SELECT name, indexes FROM information_schema.user_tables WHERE status = 'ACTIVE'"),
  );
  return new Map(rows.map((row) => [row.get("name")?.stringValue() ?? "", indexedFieldsOf(row)]));
}

function indexedFieldsOf(row: dom.Value): ReadonlySet<string> {
  const indexes = row.get("indexes");
  if (indexes === null || indexes.isNull() || indexes.getType() !== IonTypes.LIST) return new Set();
  const usable = indexes
    .elements()
    .filter((index) => !UNUSABLE_INDEX_STATES.includes(index.get("status")?.stringValue() ?? ""));
  // The expression is the field in brackets, with quotes where the name needs them: `[VIN]`, `["a b"]`.
  return new Set(usable.map((index) => (index.get("expr")?.stringValue() ?? "").replace(/^\["?|"?\]$/g, "")));
}

/** A table that must exist, and the fields of it that must be indexed. */
export interface TableNeed {
  readonly table: TableName;
  readonly indexedFields: readonly FieldName[];
}

/** The table that the loader itself needs. */
export const BOOKKEEPING_NEED: TableNeed = { table: BOOKKEEPING_TABLE, indexedFields: [BOOKKEEPING_KEY] };

/**
 * Creates the tables and indexes that are missing, so that several callers may do so at once.
 *
 * @returns the ledger's tables afterwards.
 * @throws TableSetupError if something is still missing.
 */
export async function ensureTables(ledger: Ledger, needs: readonly TableNeed[]): Promise<Tables> {
  const before = await readTables(ledger);
  const refusals: unknown[] = [];
  for (const statement of needs.flatMap((need) => definitionsFor(need, before.get(need.table)))) {
    try {
      await ledger.transact((transaction) => transaction.execute(statement));
    } catch (error) {
      // Somebody else may have been faster: what is there afterwards tells.
      if (!(error instanceof StatementRefusedError)) throw error;
      refusals.push(error);
    }
  }
  const tables = await readTables(ledger);
  for (const { table, indexedFields } of needs) {
    const missing = indexedFields.filter((field) => tables.get(table)?.has(field) !== true);
    if (!tables.has(table) || missing.length > 0) throw new TableSetupError(table, missing, refusals[0]);
  }
  return tables;
}

/** The statements that make what is missing; each is a transaction of its own, as an index needs its table committed. */
function definitionsFor(
  { table, indexedFields }: TableNeed,
  found: ReadonlySet<string> | undefined,
): string[] {
  const name = quoteIdentifier(table);
  const missing = indexedFields.filter((field) => found?.has(field) !== true);
  return [
    ...(found === undefined ? [`CREATE TABLE ${name}`] : []),
    ...missing.map((field) => `CREATE INDEX ON ${name} (${quoteIdentifier(field)})`),
  ];
}
