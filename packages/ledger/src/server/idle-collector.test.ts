// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { IdleCollector } from "./idle-collector";

const MEBIBYTE = 1024 * 1024;

describe("What large requests have left", () => {
  let collector: IdleCollector;
  afterEach(() => {
    collector.close();
  });

  function leave(): WeakRef<object> {
    return new WeakRef({ body: new Uint8Array(MEBIBYTE) });
  }

  it("is collected once no more of them come", async () => {
    collector = new IdleCollector(1);
    const left = leave();
    for (let count = 0; count < 4; count++) collector.add(8 * MEBIBYTE);
    // Only ends with the test's own time: without the collector, nothing here makes V8 collect.
    while (left.deref() !== undefined) await setTimeout(5);
    expect(left.deref()).toBeUndefined();
  });
});
