// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, type Ledger, type Loader, createLoader } from "@ledger-loader/core";
import { describeSimulation, openMemoryLedger, seededRandom } from "@ledger-loader/testkit";
import { createNaiveLoader } from "../../test/naive-loader";
import { simulate, type SimulationResult } from "../../test/simulation";
import { startTestLedger } from "../../test/test-ledger";

async function run(
  seed: number,
  open: () => Promise<{ connect(): Ledger; close(): Promise<void> }>,
  make: (ledger: Ledger) => Loader = makeLoader,
): Promise<SimulationResult> {
  const ledger = await open();
  try {
    return await simulate({ random: seededRandom(seed), ledger, makeLoader: make });
  } finally {
    await ledger.close();
  }
}

function makeLoader(ledger: Ledger): Loader {
  return createLoader({ ledger, writer: new BaseRevisionWriter(), sessions: 3 });
}

function openInProcess(): ReturnType<typeof openMemoryLedger> {
  return openMemoryLedger({ T: ["oldDocumentId"] });
}

// Histories that are duplicated, reordered, batched at random and crashed at random points are in the ledger as if
// delivered once and in order.
describeSimulation("loader", 20, (seed) => run(seed, openInProcess));
describeSimulation("loader-over-driver", 1, (seed) => run(seed, startTestLedger));

describe("The simulation of the loader", () => {
  it("fails with a loader that looks only at the current revision", async () => {
    const { violations } = await run(7, openInProcess, createNaiveLoader);
    expect(violations).not.toEqual([]);
  });

  it("crashes processes, and does the same again for the same seed", async () => {
    const { crashes, redeliveries } = await run(3, openInProcess);
    expect(crashes).toBeGreaterThan(0);
    expect(await run(3, openInProcess)).toMatchObject({ crashes, redeliveries });
  });
});
