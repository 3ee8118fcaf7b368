// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import type { Delivery } from "../event/delivery";
import { rejected } from "../event/outcome";
import type { Loader } from "../loader/loader";
import type { DeliveryReport } from "../loader/report";
import { OpenRecords } from "./open-records";

const SIGNAL = new AbortController().signal;
const REJECTED = rejected("version-gap", "Expected version 1.", true);

/** A loader that refuses what it is told to, and keeps what it was asked. */
class Refusing implements Loader {
  refused: readonly string[] = [];
  parked: readonly string[] = [];
  failure: Error | undefined;
  readonly asked: string[] = [];

  load(deliveries: readonly Delivery[]) {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.asked.push(deliveries.map(({ origin }) => origin).join(" "));
    const reports = deliveries.map(({ deliveryId, origin = "" }): DeliveryReport => ({
      deliveryId,
      events: [{ outcome: this.refused.includes(origin) ? REJECTED : { status: "written" } }],
      split: false,
      heldBack: false,
      parked: this.parked.includes(origin),
    }));
    return Promise.resolve({ deliveries: reports, failed: [], counts: {} as never });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function someDeliveries(deliveryId: string, ...origins: readonly string[]): readonly Delivery[] {
  return origins.map((origin) => ({ deliveryId, origin, decode: () => ({ events: [], atomic: false }) }));
}

/** Records `1: a, b`: a sequence number and the deliveries of that record, which share it. */
function someRecords(...records: readonly (readonly [string, ...string[]])[]): OpenRecords {
  const open = new OpenRecords();
  for (const [deliveryId, ...origins] of records) {
    open.add(deliveryId, someDeliveries(deliveryId, ...origins));
  }
  return open;
}

it("is done with everything when nothing failed, and asks a loader for nothing when there is nothing", async () => {
  const loader = new Refusing();
  const records = someRecords(["1", "a"], ["2", "b"]);
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), records.count]).toEqual(["2", 0]);
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), loader.asked]).toEqual([undefined, ["a b"]]);
});

it("keeps the checkpoint before what failed, and tries that again before what comes later, and alone", async () => {
  const loader = new Refusing();
  loader.refused = ["b", "d"];
  const records = someRecords(["1", "a"], ["2", "b"], ["3", "c"], ["4", "d"]);
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), records.count]).toEqual(["1", 3]);
  loader.refused = ["d"];
  records.add("5", someDeliveries("5", "e"));
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), records.count]).toEqual(["3", 2]);
  expect(loader.asked).toEqual(["a b c d", "b d e"]);
});

it("is done with a record only when all of its deliveries are, and tries again only those that are not", async () => {
  const loader = new Refusing();
  loader.refused = ["b"];
  const records = someRecords(["1", "a", "b", "c"]);
  await records.load(loader, SIGNAL);
  expect(records.takeDone()).toBeUndefined();
  loader.refused = [];
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), loader.asked]).toEqual(["1", ["a b c", "b"]]);
});

it("is done with what was parked, and with a record that holds nothing", async () => {
  const loader = new Refusing();
  loader.refused = ["a"];
  loader.parked = ["a"];
  const records = someRecords(["1", "a"], ["2"]);
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), records.count]).toEqual(["2", 0]);
});

it("keeps everything when the loader gives no answer", async () => {
  const loader = new Refusing();
  loader.failure = new Error("away");
  const records = someRecords(["1", "a"], ["2", "b"]);
  await expect(records.load(loader, SIGNAL)).rejects.toThrow("away");
  expect([records.takeDone(), records.count]).toEqual([undefined, 2]);
  loader.failure = undefined;
  await records.load(loader, SIGNAL);
  expect([records.takeDone(), loader.asked]).toEqual(["2", ["a b"]]);
});
