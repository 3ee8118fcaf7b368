// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { plainRuns } from "@ledger-loader/testkit";
import fc from "fast-check";
import { SortedSpill } from "./sorted-spill";

interface Item {
  readonly key: string;
  readonly n: number;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spill-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function sortThrough(items: readonly Item[], runSize: number): Promise<Item[]> {
  const spill = new SortedSpill<Item>({ keyOf: (item) => item.key, runSize, folder });
  for (const item of items) await spill.add(item);
  const sorted: Item[] = [];
  for await (const item of spill.sorted()) sorted.push(item);
  await spill.dispose();
  return sorted;
}

describe("SortedSpill", () => {
  it("sorts like a stable sort in memory, however many runs it writes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 3 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (keys, runSize) => {
          const items = keys.map((key, n) => ({ key, n }));
          const expected = [...items].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n));
          expect(await sortThrough(items, runSize)).toEqual(expected);
        },
      ),
      { numRuns: plainRuns(60) },
    );
  });

  it("writes to disk only what exceeds a run, and removes it", async () => {
    const spill = new SortedSpill<Item>({ keyOf: (item) => item.key, runSize: 10, folder });
    for (let n = 0; n < 9; n++) await spill.add({ key: String(n), n });
    expect(readdirSync(folder)).toEqual([]);
    for (let n = 0; n < 20; n++) await spill.add({ key: String(n), n });
    expect(readdirSync(folder)).toHaveLength(1);
    await spill.dispose();
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it("merges runs before they become too many to have open", async () => {
    const items = Array.from({ length: 300 }, (_, n) => ({ key: String((n * 7) % 13), n }));
    const expected = [...items].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n));
    expect(await sortThrough(items, 1)).toEqual(expected);
    const spill = new SortedSpill<Item>({ keyOf: (item) => item.key, runSize: 1, folder });
    for (const item of items) await spill.add(item);
    expect(readdirSync(join(folder, readdirSync(folder)[0] ?? "")).length).toBeLessThan(64);
    await spill.dispose();
  });

  it("closes its files when reading stops early", async () => {
    const spill = new SortedSpill<Item>({ keyOf: (item) => item.key, runSize: 2, folder });
    for (let n = 0; n < 20; n++) await spill.add({ key: String(n % 7), n });
    for await (const item of spill.sorted()) {
      expect(item.n).toBe(0);
      break;
    }
    await spill.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });
});
