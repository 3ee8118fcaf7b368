// SPDX-License-Identifier: MIT
import type { Random } from "@ledger-loader/testkit";
import { aRecord } from "./dms-records";

/** What a source database did, as DMS tells it, and the rows that it holds in the end. */
export interface SourceHistory {
  /** In the order of the log: first the full load, then transactions. */
  readonly records: readonly string[];
  readonly rows: ReadonlyMap<string, string>;
}

const KEYS = 8;

/** Random transactions over a few keys: inserts, updates, deletes, keys that change, rows inserted anew. */
export function randomSource(random: Random, transactions: number): SourceHistory {
  const rows = new Map<number, number>();
  const records: string[] = [];
  let at = 0;
  let values = 0;
  for (let id = 0; id < KEYS / 2; id++) {
    rows.set(id, ++values);
    records.push(aRecord({ operation: "load", row: { id, n: values } }));
  }
  let previous: readonly [number, number] | undefined;
  for (let transaction = 1; transaction <= transactions; transaction++) {
    const length = 1 + random.below(4);
    for (let recordId = 1; recordId <= length; recordId++) {
      const place = {
        at: ++at,
        transaction: [transaction, recordId] as const,
        ...(previous && { previous }),
      };
      records.push(aRecord({ ...place, ...change(random, rows, ++values) }));
      previous = [transaction, recordId];
    }
  }
  return { records, rows: new Map([...rows].map(([id, n]) => [String(id), `{id:${id},n:${n}}`])) };
}

/** Changes one row, and says how. */
function change(random: Random, rows: Map<number, number>, n: number): Parameters<typeof aRecord>[0] {
  const id = random.below(KEYS);
  if (!rows.has(id)) {
    rows.set(id, n);
    return { operation: "insert", row: { id, n } };
  }
  if (random.chance(0.3)) {
    rows.delete(id);
    return { operation: "delete", row: { id, n: null } };
  }
  const free = Array.from({ length: KEYS }, (_, key) => key).find((key) => !rows.has(key));
  const target = free !== undefined && random.chance(0.3) ? free : id;
  rows.delete(id);
  rows.set(target, n);
  return { operation: "update", row: { id: target, n }, before: { id } };
}
