// SPDX-License-Identifier: MIT
import type { Ledger } from "@ledger-loader/core";
import { readHistories } from "../ledger/histories";
import type { SourceMessage } from "./channel-source";

/** The change of a row. */
export interface RowChange {
  /** The ledger's table. */
  readonly table: string;
  /** The record's id as Ion text. */
  readonly id: string;
  /** The document as Ion text; unlike any other of the record. Absent: the row is gone. */
  readonly content?: string;
}

/** A message of a source with rows. */
export interface RowMessage extends SourceMessage {
  /** In their order; none where there is nothing to load, or nobody can. */
  readonly changes: readonly RowChange[];
  /** True if it cannot be loaded, and nobody can correct it. */
  readonly isPoison: boolean;
  /** The correction of a broken message; absent where it is not the message that is to be corrected. */
  readonly corrected?: string;
  /** Of messages that name the same transaction, all are applied or none where a function gets them together. */
  readonly transaction?: string;
}

/** The records of the ledger. */
export interface FoundRecords {
  /** The states that each went through, oldest first, by table and id. */
  readonly histories: ReadonlyMap<string, readonly string[]>;
  /** How many documents the tables hold now. */
  readonly documents: number;
}

const DELETED = "deleted";

/** Reads the records of these tables. */
export async function readRecords(ledger: Ledger, tables: readonly string[]): Promise<FoundRecords> {
  const histories = new Map<string, readonly string[]>();
  let documents = 0;
  for (const table of tables) {
    for (const [id, history] of await readHistories(ledger, table)) histories.set(`${table} ${id}`, history);
    const rows = await ledger.transact((transaction) => transaction.execute(`SELECT * FROM "${table}" AS r`));
    documents += rows.length;
  }
  return { histories, documents };
}

/** A state of a record, and the message that told of it. */
interface State {
  readonly content: string;
  readonly body: string;
}

/** The state that a source's messages must lead to. */
export class RowExpectations {
  readonly #states: ReadonlyMap<string, readonly State[]>;
  /** Messages that are bad, or that something bad or a reordering may hold up. */
  readonly #heldUp: ReadonlySet<RowMessage>;

  /** @param keepsOrder whether the channel keeps messages of one key in order. */
  constructor(messages: readonly RowMessage[], keepsOrder: boolean) {
    this.#states = statesOf(messages);
    this.#heldUp = findHeldUp(messages, keepsOrder);
  }

  mayBeParked(message: RowMessage): boolean {
    return this.#heldUp.has(message);
  }

  /**
   * Returns each record that is not as it must be, as a sentence: one that nothing can have held up has gone through all of its
   * states, any other through some, and it is not behind the last one that is not parked.
   */
  compare({ histories, documents }: FoundRecords, parked: ReadonlySet<string>): readonly string[] {
    const unsure = new Set([...this.#heldUp].flatMap(({ changes }) => changes.map(recordOf)));
    const records = new Set([...this.#states.keys(), ...histories.keys()]);
    const violations = [...records].flatMap((record) => {
      const states = this.#states.get(record) ?? [];
      const expected = states.map(({ content }) => content);
      const found = histories.get(record) ?? [];
      const acknowledged = states.findLastIndex(({ body }) => !parked.has(body));
      const isRight = unsure.has(record)
        ? isWithin(found, expected) && expected.lastIndexOf(endOf(found)) >= acknowledged
        : found.join() === expected.join();
      return isRight ? [] : [`${record}: expected ${expected.join(" → ")}, found ${found.join(" → ")}`];
    });
    const living = [...histories.values()].filter((history) => endOf(history) !== DELETED).length;
    if (documents !== living) violations.push(`expected ${living} documents, found ${documents}`);
    return violations;
  }
}

function statesOf(messages: readonly RowMessage[]): ReadonlyMap<string, readonly State[]> {
  const states = new Map<string, State[]>();
  for (const { body, changes } of messages) {
    for (const change of changes) {
      const record = recordOf(change);
      states.set(record, [...(states.get(record) ?? []), { content: change.content ?? DELETED, body }]);
    }
  }
  return states;
}

/**
 * The most that may be parked: bad messages, what a transaction shares with one, what comes after one of these in the same
 * record, and where messages of a record may overtake each other, all of them.
 */
function findHeldUp(messages: readonly RowMessage[], keepsOrder: boolean): ReadonlySet<RowMessage> {
  const strays = keepsOrder ? straysOf(messages) : undefined;
  const isStray = ({ changes }: RowMessage): boolean =>
    changes.some((change) => strays?.has(recordOf(change)) ?? true);
  const held = new Set(messages.filter((each) => each.isBroken || each.isPoison || isStray(each)));
  for (let before = -1; before < held.size;) {
    before = held.size;
    const transactions = new Set([...held].flatMap(({ transaction }) => transaction ?? []));
    const records = new Set<string>();
    for (const message of messages) {
      const isBehind = message.changes.some((change) => records.has(recordOf(change)));
      const isBeside = message.transaction !== undefined && transactions.has(message.transaction);
      if (isBehind || isBeside) held.add(message);
      if (held.has(message)) for (const change of message.changes) records.add(recordOf(change));
    }
  }
  return held;
}

/** The records whose messages have several keys: nothing keeps these in order. */
function straysOf(messages: readonly RowMessage[]): ReadonlySet<string> {
  const keys = new Map<string, Set<string>>();
  for (const { key, changes } of messages) {
    for (const record of changes.map(recordOf)) keys.set(record, (keys.get(record) ?? new Set()).add(key));
  }
  return new Set([...keys].filter(([, { size }]) => size > 1).map(([record]) => record));
}

function recordOf({ table, id }: RowChange): string {
  return `${table} ${id}`;
}

/** A record that was never there has ended, too. */
function endOf(history: readonly string[]): string {
  return history.at(-1) ?? DELETED;
}

/** True if the states are some of these others, in the same order. */
function isWithin(states: readonly string[], others: readonly string[]): boolean {
  let next = 0;
  for (const other of others) if (other === states[next]) next++;
  return next === states.length;
}
