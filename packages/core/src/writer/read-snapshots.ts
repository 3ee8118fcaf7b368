// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { BOOKKEEPING_KEY, BOOKKEEPING_TABLE, decodeBookkeeping } from "./bookkeeping";
import type { StoredContent } from "./content";
import type { Draft } from "./draft";
import { recordKey as recordKeyOf, type RevisionEvent } from "../event/event";
import type { FieldName, TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import { planProofReads, type RevisionRef } from "./proof-plan";
import { toRecordId, type RecordId } from "../event/record-id";
import type { CommittedRevision, Snapshot } from "./snapshot";
import { findCurrent, findHistory } from "./statements";

/** One record to be read. */
export interface RecordRef {
  /** An event of the record. */
  readonly event: RevisionEvent;
  readonly recordKey: string;
  readonly table: TableName;
  readonly idField: FieldName;
  readonly id: RecordId;
}

/** How the current revision of single records is found where a subclass does so itself. */
export type FindCurrent = (record: RecordRef) => Promise<CommittedRevision | undefined>;

/** The records to read, and how. */
export interface ReadOptions {
  /** True if current documents are wanted with their content. */
  readonly withData: boolean;
  /** True if there is bookkeeping; a ledger that was never loaded into has no table for it. */
  readonly withBookkeeping: boolean;
  readonly findOne: FindCurrent | undefined;
  /** Tables that the ledger does not have: nothing of them is read. Default: none. */
  readonly absentTables?: ReadonlySet<string> | undefined;
}

/**
 * Reads everything that is known about records: one statement per table and one for the bookkeeping.
 *
 * What is not found is part of the transaction's reads as well: two loaders that both find a record missing cannot both
 * create it.
 */
export async function readSnapshots(
  transaction: Transaction,
  records: readonly RecordRef[],
  { withData, withBookkeeping, findOne, absentTables }: ReadOptions,
): Promise<ReadonlyMap<string, Snapshot>> {
  const present = records.filter(({ table }) => absentTables?.has(table) !== true);
  const currents = findOne
    ? await findOneByOne(present, findOne)
    : await findTogether(transaction, present, withData);
  const bookkeeping = await readBookkeeping(transaction, withBookkeeping ? records : []);
  return new Map(
    records.map(({ recordKey }) => {
      const found = currents.get(recordKey) ?? [];
      const current = found.length === 1 ? found[0] : undefined;
      return [
        recordKey,
        {
          current,
          problem: found.length > 1 ? ("duplicate-documents" as const) : undefined,
          ...bookkeeping.get(recordKey),
        },
      ];
    }),
  );
}

type Currents = ReadonlyMap<string, readonly CommittedRevision[]>;

async function findOneByOne(records: readonly RecordRef[], findOne: FindCurrent): Promise<Currents> {
  const found = new Map<string, readonly CommittedRevision[]>();
  for (const record of records) {
    const current = await findOne(record);
    found.set(record.recordKey, current === undefined ? [] : [current]);
  }
  return found;
}

async function findTogether(
  transaction: Transaction,
  records: readonly RecordRef[],
  withData: boolean,
): Promise<Currents> {
  const found = new Map<string, CommittedRevision[]>();
  for (const group of groupBy(records, ({ table, idField }) => `${table}.${idField}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { table, idField } = first;
    const ids = group.map(({ id }) => id.value);
    const rows = await findCurrent(transaction, table, idField, ids, withData);
    // The ledger may find more than was asked for, such as 5.0 for 5: only the canonical id counts.
    const byId = groupBy(rows, ({ key }) => toRecordId(key)?.key ?? "");
    for (const { recordKey, id } of group) {
      const own = (byId.get(id.key) ?? []).map(({ documentId, version, data }) => ({
        documentId,
        version,
        data,
      }));
      found.set(recordKey, own);
    }
  }
  return found;
}

async function readBookkeeping(
  transaction: Transaction,
  records: readonly RecordRef[],
): Promise<ReadonlyMap<string, Pick<Snapshot, "bookkeeping" | "bookkeepingId">>> {
  if (records.length === 0) return new Map();
  const keys = records.map(({ recordKey }): dom.Value => dom.Value.from(recordKey));
  const rows = await findCurrent(transaction, BOOKKEEPING_TABLE, BOOKKEEPING_KEY, keys, true);
  return new Map(
    rows.map(({ documentId, key, data }) => [
      key.stringValue() ?? "",
      { bookkeepingId: documentId, bookkeeping: decodeBookkeeping(data ?? new dom.Struct([])) },
    ]),
  );
}

/** Reads the revisions that events name from the tables' histories. */
export async function readRevisions(
  transaction: Transaction,
  wanted: readonly (RevisionRef & { readonly table: TableName })[],
): Promise<ReadonlyMap<string, StoredContent>> {
  const found = new Map<string, StoredContent>();
  for (const [table, refs] of groupBy(wanted, (ref) => ref.table)) {
    for (const { documentIds, versions } of planProofReads(refs)) {
      for (const row of await findHistory(transaction, table, documentIds, versions)) {
        found.set(revisionKey(row), row);
      }
    }
  }
  return found;
}

/** Names a revision among those read. */
export function revisionKey({ documentId, version }: RevisionRef): string {
  return `${documentId} ${version}`;
}

/** The records that drafts are about, each once. */
export function recordsOf(drafts: readonly Draft[]): readonly RecordRef[] {
  const records = new Map<string, RecordRef>();
  for (const { event, recordKey, idField } of drafts) {
    if (event.id === undefined || recordKey === undefined || idField === undefined) continue;
    const { table, id, unchangedOf } = event;
    records.set(recordKey, { event, recordKey, table, idField, id });
    if (unchangedOf === undefined) continue;
    const key = recordKeyOf({ table, id: unchangedOf });
    if (key !== undefined && !records.has(key))
      records.set(key, { event, recordKey: key, table, idField, id: unchangedOf });
  }
  return [...records.values()];
}

function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
