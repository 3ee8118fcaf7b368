// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type Delivery,
  type DeliveryReport,
  type LoadOptions,
  type Loader,
  rejected,
} from "@ledger-loader/core";
import { createDmsHandler, decodeDmsRecords, type DmsOptions } from "@ledger-loader/dms";
import { aBatch, aRecord, keepLines, options, plain } from "../test/dms-records";

/** A loader that fails the deliveries with these ids and keeps what it was asked. */
function aLoader(
  failing: readonly string[] = [],
  split = false,
): {
  readonly loader: Loader;
  readonly deliveries: Delivery[];
  readonly asked: LoadOptions[];
} {
  const kept: Delivery[] = [];
  const asked: LoadOptions[] = [];
  const loader: Loader = {
    load: (deliveries, loadOptions) => {
      kept.push(...deliveries);
      asked.push(loadOptions);
      const reports = deliveries.map(({ deliveryId }): DeliveryReport => {
        const fails = failing.includes(deliveryId);
        return {
          deliveryId,
          events: [
            { outcome: fails ? rejected("version-gap", "Expected more.", true) : { status: "written" } },
          ],
          split,
          heldBack: false,
        };
      });
      const failed = reports.filter(({ deliveryId }) => failing.includes(deliveryId));
      const counts = { written: 0, skipped: {} as never, rejected: {}, writtenWithoutId: 0 };
      return Promise.resolve({ deliveries: reports, failed, counts });
    },
    close: () => Promise.resolve(),
  };
  return { loader, deliveries: kept, asked };
}

async function deliver(
  bodies: readonly string[],
  more: Partial<DmsOptions> = {},
): Promise<readonly Delivery[]> {
  const { loader, deliveries } = aLoader();
  await createDmsHandler(loader, options(more))(aBatch(bodies));
  return deliveries;
}

const row = (id: number): { readonly id: number } => ({ id });

describe("The DMS handler", () => {
  it("names the first failed record of the shard, since Lambda delivers again from there", async () => {
    const { loader } = aLoader(["103", "101"]);
    const response = await createDmsHandler(
      loader,
      options(),
    )(aBatch([1, 2, 3, 4].map((at) => aRecord({ at }))));
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: "101" }] });
  });

  it("names none if all were loaded", async () => {
    const { loader } = aLoader();
    expect(await createDmsHandler(loader, options())(aBatch([aRecord()]))).toEqual({ batchItemFailures: [] });
  });

  it("makes a delivery of each record, with its bytes, its place and its time", async () => {
    const [first, second] = await deliver([aRecord({ at: 1 }), aRecord({ at: 2 })]);
    expect(first).toMatchObject({
      deliveryId: "100",
      origin: "shardId-000000000000/100",
      sentAtMs: 1_722_214_697_983,
      body: Buffer.from(aRecord({ at: 1 })),
    });
    expect(first?.group).toBeUndefined();
    expect(second?.deliveryId).toBe("101");
  });

  it("lets a record that cannot be read fail alone", async () => {
    const deliveries = await deliver([aRecord(), "not JSON", aRecord({ at: 2 })]);
    expect(deliveries).toHaveLength(3);
    expect(() => deliveries[1]?.decode()).toThrow("Expected a DMS record");
    expect(deliveries[2]?.decode().events).toHaveLength(1);
  });

  it("keeps a source transaction together, in its own order, at the place of its first record", async () => {
    const bodies = [
      aRecord({ row: row(1), at: 1, transaction: [9, 1] }),
      aRecord({ row: row(2), at: 3, transaction: [9, 3] }),
      aRecord({ row: row(5), at: 4, transaction: [10, 1] }),
      aRecord({ row: row(3), at: 2, transaction: [9, 2] }),
    ];
    const deliveries = await deliver(bodies);
    expect(deliveries.map(({ deliveryId }) => deliveryId)).toEqual(["100", "102"]);
    const { events, atomic } = deliveries[0]!.decode();
    expect(atomic).toBe(true);
    expect(events.map(plain)).toMatchObject([{ id: "1" }, { id: "3" }, { id: "2" }]);
  });

  it("names a transaction by its lowest place in the shard, whatever its own order", async () => {
    const [delivery] = await deliver([2, 1].map((n) => aRecord({ row: row(n), at: n, transaction: [9, n] })));
    expect(delivery?.deliveryId).toBe("100");
    expect(delivery?.decode().events.map(plain)).toMatchObject([{ id: "1" }, { id: "2" }]);
  });

  it("makes a letter's body that decodes to the same transaction", async () => {
    const bodies = [1, 2].map((n) => aRecord({ row: row(n), at: n, transaction: [9, n] }));
    const [delivery] = await deliver(bodies);
    const content = delivery!.decode();
    const again = decodeDmsRecords(delivery!.body!, options());
    expect(again.events.map(plain)).toEqual(content.events.map(plain));
    expect(again.atomic).toBe(true);
  });

  it("sets the repetition of a record apart from the transaction that holds it", async () => {
    const record = aRecord({ transaction: [9, 1] });
    const deliveries = await deliver([record, record, aRecord({ row: row(8), at: 2, transaction: [9, 2] })]);
    expect(deliveries.map(({ deliveryId }) => deliveryId)).toEqual(["100", "101"]);
    expect(deliveries.map((each) => each.decode().events.length)).toEqual([2, 1]);
  });

  it("lets nothing overtake a failed record of the shard where nothing else orders them", async () => {
    const [delivery] = await deliver([aRecord({ at: null })], { withoutPosition: "accept" });
    expect(delivery?.group).toBe("shardId-000000000000");
  });
});

describe("What is said of source transactions", () => {
  const whole = [
    aRecord({ row: row(1), at: 1, transaction: [9, 1] }),
    aRecord({ row: row(2), at: 2, transaction: [9, 2], previous: [9, 1] }),
    aRecord({ row: row(3), at: 3, transaction: [10, 1], previous: [9, 2] }),
  ];

  async function linesOf(bodies: readonly string[], split = false): Promise<readonly string[]> {
    const { logger, lines } = keepLines();
    await createDmsHandler(aLoader([], split).loader, options({ logger }))(aBatch(bodies));
    return lines.map(
      ({ fields, message }) => `${String(fields["transactionId"])}: ${message.replace(/:.*/, "")}`,
    );
  }

  it("is nothing where the batch proves that one is whole", async () => {
    expect(await linesOf(whole)).toEqual(["10: source transaction not proven whole"]);
  });

  it("is that it is not proven whole where its beginning or its end is missing", async () => {
    expect(await linesOf(whole.slice(1))).toEqual([
      "9: source transaction not proven whole",
      "10: source transaction not proven whole",
    ]);
    expect(await linesOf(whole.slice(0, 2))).toEqual(["9: source transaction not proven whole"]);
  });

  it("is that it was split where it was", async () => {
    expect(await linesOf(whole.slice(0, 2), true)).toEqual(["9: source transaction split"]);
  });
});
