// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "@jest/globals";
import { IdleCollector } from "./idle-collector";

setFlagsFromString("--expose-gc");
const nothingWaits = (): number => 0;
const collect = runInNewContext("gc") as () => void;

it("What requests have left is collected once the process has little to do", async () => {
  const collector = new IdleCollector(nothingWaits, 20);
  const left = leave(100);
  // Only ends with the test's own time: without the collector, nothing here makes V8 collect.
  while (left.deref() !== undefined) await setTimeout(20);
  expect(left.deref()).toBeUndefined();
  collector.close();
});

it("Garbage of a time before the collector is not taken for what is needed", async () => {
  leave(400);
  await setTimeout(20);
  const collector = new IdleCollector(nothingWaits, 20);
  const left = leave(100);
  // As V8 may: it removes the older garbage, and keeps what a weak reference was just made to.
  collect();
  while (left.deref() !== undefined) await setTimeout(20);
  expect(left.deref()).toBeUndefined();
  collector.close();
});

it("What waited for clients at the last collection is collected once it is let go", async () => {
  let waiting = Array.from({ length: 100 }, () => new Uint8Array(2 ** 20));
  const left = new WeakRef(waiting);
  const collector = new IdleCollector(() => waiting.length * 2 ** 20, 20);
  const garbage = leave(100);
  while (garbage.deref() !== undefined) await setTimeout(20);
  waiting = [];
  // Nothing was allocated since, so that what the process holds has not grown.
  while (left.deref() !== undefined) await setTimeout(20);
  expect(left.deref()).toBeUndefined();
  collector.close();
});

/** Makes so many MiB of garbage. */
function leave(mebibytes: number): WeakRef<object> {
  return new WeakRef(Array.from({ length: mebibytes }, () => new Uint8Array(2 ** 20)));
}
