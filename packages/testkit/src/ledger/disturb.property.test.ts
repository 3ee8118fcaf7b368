// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { disturb, type Disturbance } from "./disturb";

interface Item {
  readonly lane: string;
  readonly place: number;
}

const items = fc
  .array(fc.constantFrom("a", "b", "c"), { maxLength: 60 })
  .map((lanes) => lanes.map((lane, place): Item => ({ lane, place })));
const disturbance = fc.record({
  seed: fc.integer(),
  duplicateRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
  windowSize: fc.integer({ min: 1, max: 20 }),
});

async function collect(source: readonly Item[], options: Disturbance<Item>): Promise<Item[]> {
  const disturbed: Item[] = [];
  for await (const item of disturb(source, options)) disturbed.push(item);
  return disturbed;
}

describe("disturb", () => {
  it("loses nothing and makes nothing up", async () => {
    await fc.assert(
      fc.asyncProperty(items, disturbance, async (source, options) => {
        expect(new Set(await collect(source, options))).toEqual(new Set(source));
      }),
    );
  });

  it("keeps the order of first occurrences within a lane, if there are lanes", async () => {
    await fc.assert(
      fc.asyncProperty(items, disturbance, async (source, options) => {
        const first = [...new Set(await collect(source, { ...options, laneOf: (item) => item.lane }))];
        for (const lane of ["a", "b", "c"]) {
          expect(first.filter((item) => item.lane === lane)).toEqual(
            source.filter((item) => item.lane === lane),
          );
        }
      }),
    );
  });

  it("gives the same stream for the same seed, and another one for another", async () => {
    const source = Array.from({ length: 200 }, (_, place): Item => ({ lane: "a", place }));
    const options = { duplicateRate: 0.2, windowSize: 10 };
    const once = await collect(source, { seed: 1, ...options });
    expect(await collect(source, { seed: 1, ...options })).toEqual(once);
    expect(await collect(source, { seed: 2, ...options })).not.toEqual(once);
    expect(once.length).toBeGreaterThan(source.length);
    expect([...new Set(once)]).not.toEqual(source);
  });
});
