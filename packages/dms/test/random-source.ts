// SPDX-License-Identifier: MIT
import type { Random, RowChange, RowMessage } from "@ledger-loader/testkit/simulation";
import { aRecord, type RecordFields } from "./dms-records";

type Columns = Readonly<Record<string, string | number>>;

/** A table of the source; its keys are counted. */
interface SourceTable {
  readonly name: string;
  /** The ledger's table. */
  readonly target: string;
  readonly keyColumns: (key: number) => Columns;
  /** The record's id as Ion text. */
  readonly idOf: (columns: Columns) => string;
}

const KEYS = 6;
const TRANSACTIONS = 12;
const RECORDS_MAX = 4;

const PERSON: SourceTable = {
  name: "person",
  target: "Person",
  keyColumns: (key) => ({ id: key }),
  idOf: ({ id }) => String(id),
};
const PAIR: SourceTable = {
  name: "pair",
  target: "Pair",
  keyColumns: (key) => ({ a: key >> 1, b: key % 2 === 0 ? "x" : "y" }),
  idOf: ({ a, b }) => JSON.stringify(JSON.stringify([a, b])),
};
/** Not mapped when its rows come; only the mended mapping knows it. */
const STRANGER: SourceTable = { ...PERSON, name: "stranger", target: "Stranger" };

/** How a source is, as a whole. */
interface Traits {
  readonly tables: readonly SourceTable[];
  /** How often a record is cut off on its way. */
  readonly brokenRate: number;
  /** True if records are partitioned by primary key, so that a changed key leads to another shard; false: by table. */
  readonly partitionsByKey: boolean;
  /** True if the log tells where a transaction stands, not where each of its changes does. */
  readonly positionsAreTransactions: boolean;
}

/** The changes of a source database, as DMS tells them: the full load, then transactions, among records that nobody can load. */
export function randomSource(random: Random): readonly RowMessage[] {
  const hasStrangers = random.chance(0.3);
  return new RandomSource(random, {
    tables: hasStrangers ? [PERSON, PERSON, PAIR, PAIR, STRANGER] : [PERSON, PAIR],
    brokenRate: random.chance(0.5) ? 0.12 : 0,
    partitionsByKey: random.chance(0.4),
    positionsAreTransactions: random.chance(0.5),
  }).write();
}

class RandomSource {
  readonly #random: Random;
  readonly #traits: Traits;
  readonly #messages: RowMessage[] = [];
  /** The value of each row, by table and key. */
  readonly #rows = new Map<SourceTable, Map<number, number>>();
  #values = 0;
  #at = 0;

  constructor(random: Random, traits: Traits) {
    this.#random = random;
    this.#traits = traits;
    for (const table of traits.tables) this.#rows.set(table, new Map());
  }

  write(): readonly RowMessage[] {
    this.#load();
    this.#change();
    const { length } = this.#messages;
    for (const body of poison()) {
      if (!this.#random.chance(0.3)) continue;
      const key = this.#random.chance(0.5) ? (this.#messages.at(-1)?.key ?? "") : "public.person";
      const message = { key, body, changes: [], isBroken: false, isPoison: true };
      this.#messages.splice(this.#random.below(length), 0, message);
    }
    return this.#messages;
  }

  /** The tables are announced, then come rows that are there already, without a place in the log. */
  #load(): void {
    for (const [table, rows] of this.#rows) {
      this.#announce("create-table", table.name);
      for (let key = 0; key < KEYS; key += 2) {
        rows.set(key, ++this.#values);
        this.#put(table, { operation: "load" }, [[key, this.#values]]);
      }
    }
    this.#announce("truncate-table", "awsdms_apply_exceptions");
  }

  #announce(operation: string, table: string): void {
    const body = aRecord({ recordType: "control", operation, table });
    this.#messages.push({ key: `public.${table}`, body, changes: [], isBroken: false, isPoison: false });
  }

  #change(): void {
    const { tables, positionsAreTransactions } = this.#traits;
    let previous: readonly [number, number] | undefined;
    for (let transaction = 1; transaction <= TRANSACTIONS; transaction++) {
      const length = 1 + this.#random.below(RECORDS_MAX);
      for (let recordId = 1; recordId <= length; recordId++) {
        const place = {
          at: positionsAreTransactions ? transaction : ++this.#at,
          transaction: [transaction, recordId] as const,
          previous,
        };
        const table = tables[this.#random.below(tables.length)];
        if (table !== undefined) this.#changeRow(table, place);
        previous = [transaction, recordId];
      }
    }
  }

  #changeRow(table: SourceTable, place: RecordFields): void {
    const random = this.#random;
    const rows = this.#rows.get(table) ?? new Map<number, number>();
    const key = random.below(KEYS);
    const before = rows.get(key);
    const value = ++this.#values;
    if (before === undefined) {
      rows.set(key, value);
      this.#put(table, { ...place, operation: "insert" }, [[key, value]]);
      return;
    }
    rows.delete(key);
    if (random.chance(0.3)) {
      this.#put(table, { ...place, operation: "delete" }, [[key, undefined]]);
      return;
    }
    const free = Array.from({ length: KEYS }, (_, each) => each).filter(
      (each) => each !== key && !rows.has(each),
    );
    const target = random.chance(this.#traits.partitionsByKey ? 0.08 : 0.25)
      ? (free[random.below(free.length)] ?? key)
      : key;
    rows.set(target, value);
    // Engines tell of the row before all columns, those of the key or those that have changed.
    const known = [table.keyColumns(key), { ...table.keyColumns(key), n: before }, { n: before }];
    const told = known[random.below(target === key ? 3 : 2)];
    const change = { ...place, operation: "update", ...(told && { before: told }) };
    this.#put(
      table,
      change,
      target === key
        ? [[key, value]]
        : [
            [key, undefined],
            [target, value],
          ],
    );
  }

  /** Puts a record into the stream; of a changed key, the row's end comes first. */
  #put(
    table: SourceTable,
    fields: RecordFields,
    states: readonly (readonly [number, number | undefined])[],
  ): void {
    const { brokenRate, partitionsByKey } = this.#traits;
    const [key = 0, value] = states.at(-1) ?? [];
    const columns = table.keyColumns(key);
    // The changes of a row whose load was cut off wait for it, several of them side by side.
    const isCut = this.#random.chance(fields.operation === "load" ? 3 * brokenRate : brokenRate);
    const sound = aRecord({ ...fields, table: table.name, row: { ...columns, n: value ?? null } });
    this.#messages.push({
      key: partitionsByKey ? `public.${table.name}.${key}` : `public.${table.name}`,
      body: isCut ? sound.slice(0, -1) : sound,
      changes: states.map(([each, n]) => changeOf(table, table.keyColumns(each), n)),
      isBroken: isCut || table === STRANGER,
      isPoison: false,
      ...(isCut && { corrected: sound }),
      // Of what is cut off nobody sees to which transaction it belongs.
      ...(!isCut && fields.transaction && { transaction: String(fields.transaction[0]) }),
    });
  }
}

function changeOf(table: SourceTable, columns: Columns, n: number | undefined): RowChange {
  const fields = Object.entries({ ...columns, n }).map(([name, value]) => `${name}:${JSON.stringify(value)}`);
  return {
    table: table.target,
    id: table.idOf(columns),
    ...(n !== undefined && { content: `{${fields.join(",")}}` }),
  };
}

/** The records that nobody can load: no record, a key that is not there, no place in the log, the end of all rows of a table. */
function poison(): readonly string[] {
  return [
    "not a record",
    aRecord({ row: { id: null, n: 0 } }),
    aRecord({ row: { id: 1, n: -1 }, at: null }),
    aRecord({ operation: "refresh" }),
    aRecord({ recordType: "control", operation: "truncate-table" }),
  ];
}
