// SPDX-License-Identifier: MIT
import type { FieldName, TableName } from "../event/identifier";
import type { Ledger } from "../ledger/ledger";
import type { RevisionWriter } from "../writer/revision-writer";
import { BOOKKEEPING_TABLE } from "../writer/bookkeeping";
import { BOOKKEEPING_NEED, ensureTables, readTables, type TableNeed, type Tables } from "../writer/tables";

/**
 * Every table that is missing, the loader's own, or none. `pretended`: none, and the tables of events are taken as if they had
 * been created, for judging without writing.
 */
export type TableCreation = "all" | "own" | "none" | "pretended";

/**
 * The ledger's tables as of the last look: a loader that lives long must still notice a table that was created after
 * it started.
 */
export class TableCache {
  readonly #ledger: Ledger;
  readonly #writer: RevisionWriter;
  readonly #creates: TableCreation;
  #tables: Tables | undefined;
  readonly #pretended = new Map<string, ReadonlySet<string>>();
  #absent: ReadonlySet<string> = new Set();

  /** @param creates - what is created where it is missing */
  constructor(ledger: Ledger, writer: RevisionWriter, creates: TableCreation) {
    this.#ledger = ledger;
    this.#writer = writer;
    this.#creates = creates;
  }

  /** The tables, read anew if one of those named is missing or lacks its index; created if that was asked for. */
  async tablesFor(named: readonly TableName[]): Promise<Tables> {
    const needs = [BOOKKEEPING_NEED, ...[...new Set(named)].map((table) => this.#needOf(table))];
    if (this.#tables === undefined || missingOf(this.#tables, needs).length > 0) {
      this.#tables = await this.#readOrCreate(needs);
    }
    return this.#tables;
  }

  /** Tables that are not in the ledger, and are only pretended. */
  get absent(): ReadonlySet<string> {
    return this.#absent;
  }

  /** Makes the next call look at the ledger again. */
  forget(): void {
    this.#tables = undefined;
  }

  async #readOrCreate(needs: readonly TableNeed[]): Promise<Tables> {
    const tables = await readTables(this.#ledger);
    if (this.#creates === "none") return tables;
    if (this.#creates === "pretended") return this.#pretend(tables, needs);
    // The bookkeeping table is the loader's own; the others are only created on request.
    const toCreate = missingOf(tables, this.#creates === "all" ? needs : [BOOKKEEPING_NEED]);
    return toCreate.length === 0 ? tables : ensureTables(this.#ledger, toCreate);
  }

  /** The loader's own table is not pretended: a ledger without it has no bookkeeping to read. */
  #pretend(found: Tables, needs: readonly TableNeed[]): Tables {
    for (const { table, indexedFields } of needs) {
      if (table === BOOKKEEPING_TABLE) continue;
      this.#pretended.set(table, new Set([...(this.#pretended.get(table) ?? []), ...indexedFields]));
    }
    this.#absent = new Set([...this.#pretended.keys()].filter((table) => !found.has(table)));
    const asIfCreated = [...this.#pretended].map(
      ([table, fields]) => [table, new Set([...(found.get(table) ?? []), ...fields])] as const,
    );
    return new Map([...found, ...asIfCreated]);
  }

  #needOf(table: TableName): TableNeed {
    const field = this.#idFieldOf(table);
    return { table, indexedFields: field === undefined ? [] : [field] };
  }

  #idFieldOf(table: TableName): FieldName | undefined {
    try {
      return this.#writer.idField(table);
    } catch {
      // The hook is asked again for each event, which is rejected then, and no other.
      return undefined;
    }
  }
}

function missingOf(tables: Tables, needs: readonly TableNeed[]): readonly TableNeed[] {
  return needs.filter(({ table, indexedFields }) => {
    const indexed = tables.get(table);
    return indexed === undefined || indexedFields.some((field) => !indexed.has(field));
  });
}
