// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { startLedger } from "@ledger-loader/testkit";
import { registerVehicle } from "./driver-tutorial";

it("finds what it has inserted, in a ledger whose journal verifies", async () => {
  const ledger = await startLedger({ name: "vehicles" });
  try {
    expect(await registerVehicle(ledger.endpoint, ledger.name)).toBe("Audi");
    const { verdict, tally } = await (await ledger.embedded()).verify();
    expect({ verdict, revisions: tally.recomputed }).toEqual({ verdict: "passed", revisions: 1 });
  } finally {
    await ledger.close();
  }
});
