// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, type Ledger, type Loader } from "@ledger-loader/core";
import { seededRandom } from "@ledger-loader/testkit";
import { createNaiveLoader } from "../test/naive-loader";
import { simulate, type SimulationResult } from "../test/simulation";
import { startTestLedger } from "../test/test-ledger";

const givenSeed = process.env["SEED"];
const runs = Number(process.env["SIM_RUNS"] ?? 4);
const firstSeed = Math.floor(Date.now() / 1000) % 1_000_000;
const seeds =
  givenSeed === undefined ? Array.from({ length: runs }, (_, i) => firstSeed + i) : [Number(givenSeed)];

async function run(seed: number, makeLoader: (ledger: Ledger) => Loader): Promise<SimulationResult> {
  const ledger = await startTestLedger();
  try {
    return await simulate({ random: seededRandom(seed), ledger, makeLoader });
  } finally {
    await ledger.close();
  }
}

describe("Histories that are duplicated, reordered, batched at random and crashed at random points", () => {
  it.each(seeds)(
    "are in the ledger as if delivered once and in order (SEED=%d pnpm test:sim)",
    async (seed) => {
      const { violations, crashes } = await run(seed, (ledger) =>
        createLoader({ ledger, writer: new BaseRevisionWriter(), sessions: 3 }),
      );
      expect({ reproduce: `SEED=${seed} pnpm test:sim`, violations }).toMatchObject({ violations: [] });
      expect(crashes).toBeGreaterThan(0);
    },
  );

  it("are not, with a loader that looks only at the current revision", async () => {
    const { violations } = await run(7, createNaiveLoader);
    expect(violations).not.toEqual([]);
  });
});
