// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import type { Expression } from "../syntax/ast";
import { MemoryCatalog } from "../../test/memory-catalog";
import { run, toText } from "../../test/run";
import { GroupKeys } from "./group-keys";
import { Scope } from "./scope";

describe("Keys of GROUP BY", () => {
  it("look at each part of a long chain of operators once, though each of its operands is compared", () => {
    let looks = 0;
    const first: Expression = {
      kind: "parameter",
      at: 0,
      get index() {
        looks += 1;
        return 0;
      },
    };
    const chain: Expression[] = [first];
    for (let at = 1; at < 500; at++) {
      const [left, right] = [chain.at(-1) ?? first, { kind: "name", name: `n${at}`, at } as const];
      chain.push({ kind: "arithmetic", operator: "+", left, right, at });
    }
    const scope = new Scope("", 0);
    const key = chain[250] ?? first;
    const keys = new GroupKeys([{ expression: key, alias: undefined, at: 0 }], scope);
    const found = chain.toReversed().map((part) => keys.find(part, scope));
    expect(found.filter((place) => place !== undefined)).toEqual([0]);
    expect(found.at(-251)).toBe(0);
    expect(looks).toBeLessThanOrEqual(2);
  });

  it("are found in chains of operators, whatever name their item has", async () => {
    const chain = `a${" + 1".repeat(50)}`;
    const from = "FROM << {'a': 1}, {'a': 2} >> AS t";
    const grouped = `SELECT VALUE t.${chain} + 1 ${from} GROUP BY ${chain}`;
    expect((await run(new MemoryCatalog(), grouped)).map(toText)).toEqual(["52", "53"]);
    const other = `SELECT VALUE t.a${" + 1".repeat(49)} ${from} GROUP BY ${chain}`;
    await expect(run(new MemoryCatalog(), other)).rejects.toThrow("keys of GROUP BY");
  });
});
