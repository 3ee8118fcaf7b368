// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import { expect, it } from "@jest/globals";
import { IdleCollector } from "./idle-collector";

it("What requests have left is collected once the process has little to do", async () => {
  const collector = new IdleCollector(20);
  const left = leave(100);
  // Only ends with the test's own time: without the collector, nothing here makes V8 collect.
  while (left.deref() !== undefined) await setTimeout(20);
  expect(left.deref()).toBeUndefined();
  collector.close();
});

/** Makes so many MiB of garbage. */
function leave(mebibytes: number): WeakRef<object> {
  return new WeakRef(Array.from({ length: mebibytes }, () => new Uint8Array(2 ** 20)));
}
