// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EventFields, type Loader, type Outcome, createEvent, createLoader } from "@ledger-loader/core";
import {
  describeRevisionWriter,
  openMemoryLedger,
  readHistories,
  startLedger,
  type TestLedger,
} from "@ledger-loader/testkit";
import { RegistryWriter } from "./registry-writer";

describeRevisionWriter("RegistryWriter", {
  makeWriter: () => new RegistryWriter(),
  openLedger: async () => {
    const ledger = await openMemoryLedger();
    const connection = ledger.connect();
    return { transact: (work) => connection.transact(work), close: () => ledger.close() };
  },
  table: "Vehicle",
  document: (id, n) => ({ VIN: id, plate: `ES-${n}`, cachedAt: n }),
});

describe("The port of a Java subclass does what that did:", () => {
  let ledger: TestLedger;
  let loader: Loader;
  beforeAll(async () => {
    ledger = await startLedger({ tables: { Vehicle: ["VIN"], Owner: ["oldDocumentId"] } });
    loader = createLoader({ ledger: ledger.connect(), writer: new RegistryWriter() });
  });
  afterAll(() => ledger.close());

  it("vehicles are found by their VIN, everything else by the id that the loader keeps", async () => {
    const data = { VIN: "1N4", plate: "ES-1", cachedAt: 7 };
    expect(await load({ op: "INSERT", table: "Vehicle", id: "1N4", version: 0, data })).toEqual({
      status: "written",
    });
    expect(await load({ op: "INSERT", table: "Owner", id: "o1", version: 0, data: { name: "Ann" } })).toEqual(
      {
        status: "written",
      },
    );
    expect(await documentsOf("Vehicle", "VIN")).toEqual([['"1N4"', ['{plate:"ES-1"}']]]);
    expect(await documentsOf("Owner", "oldDocumentId")).toEqual([['"o1"', ['{name:"Ann"}']]]);
  });

  it("a vehicle without a plate is refused, an owner needs none", async () => {
    const outcome = await load({ op: "INSERT", table: "Vehicle", id: "2", version: 0, data: { VIN: "2" } });
    expect(outcome).toMatchObject({ reason: "refused-by-writer", retryable: false });
  });

  it("what is under a legal hold is not deleted until the hold is lifted", async () => {
    const held = { VIN: "3", plate: "ES-3", legalHold: "case 17" };
    const vehicle = { table: "Vehicle", id: "3" };
    await load({ ...vehicle, op: "INSERT", version: 0, data: held });
    expect(await load({ ...vehicle, op: "DELETE", version: 1 })).toMatchObject({
      reason: "refused-by-writer",
      retryable: true,
    });
    await load({ ...vehicle, op: "UPDATE", version: 1, data: { VIN: "3", plate: "ES-3" } });
    expect(await load({ ...vehicle, op: "DELETE", version: 2 })).toEqual({ status: "written" });
  });

  async function load(fields: EventFields): Promise<Outcome | undefined> {
    const decode = () => ({ events: [{ event: createEvent(fields) }], atomic: false });
    const report = await loader.load([{ deliveryId: "1", decode }], { onFailure: "continue" });
    return report.deliveries[0]?.events[0]?.outcome;
  }

  async function documentsOf(table: string, idField: string): Promise<unknown> {
    return [...(await readHistories(ledger.connect(), table, idField))];
  }
});
