// SPDX-License-Identifier: MIT

/**
 * The reads of a transaction, things that were not found included: what must not have changed when it commits.
 *
 * Grows while the transaction runs. Ranges do not occur: indexes serve equality only, and everything else is a scan.
 */
export class ReadSet {
  /** Documents, by id, whether they existed or not. */
  readonly documentIds = new Set<string>();
  /** Tables that were read as a whole. */
  readonly scannedTables = new Set<number>();
  /** Tables that were written to, whose unique indexes must be those that were checked. */
  readonly writtenTables = new Set<number>();
  /** Keys looked up, by index number. */
  readonly indexKeys = new Map<number, Set<string>>();
  /** The meaning of each table name: a table number, or `undefined` for no active table. */
  readonly tableNames = new Map<string, number | undefined>();
  /** True if tables and indexes were read as a whole. */
  catalog = false;

  /** How many keys were looked up. */
  get indexKeyCount(): number {
    return [...this.indexKeys.values()].reduce((sum, keys) => sum + keys.size, 0);
  }

  addIndexKey(indexNo: number, key: string): void {
    const keys = this.indexKeys.get(indexNo);
    if (keys === undefined) this.indexKeys.set(indexNo, new Set([key]));
    else keys.add(key);
  }
}
