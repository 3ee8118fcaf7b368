// SPDX-License-Identifier: MIT
import { getEventListeners } from "node:events";
import { expect, it } from "@jest/globals";
import type { LoadOptions, Loader } from "@ledger-loader/core";
import { RecordingLoader } from "../test/recording-loader";
import { superviseLoad, type Supervision } from "./supervise-load";

const aSupervision = (fields: Partial<Supervision> = {}): Supervision => ({
  topic: "events",
  partition: 0,
  signal: new AbortController().signal,
  heartbeat: () => Promise.resolve(),
  heartbeatIntervalMs: 2,
  loadTimeoutMs: 10_000,
  ...fields,
});

/** A loader that answers once it is asked to give up. */
const waiting = (): Loader => {
  const loader = new RecordingLoader();
  return {
    load: (deliveries, options: LoadOptions) =>
      new Promise((resolve) => {
        const end = () => {
          resolve(loader.load(deliveries, options));
        };
        if (options.signal!.aborted) end();
        else options.signal!.addEventListener("abort", end);
      }),
    close: () => Promise.resolve(),
  };
};

it("sends heartbeats while a batch is loaded, and none after", async () => {
  let heartbeats = 0;
  const stop = new AbortController();
  const heartbeat = () => {
    heartbeats += 1;
    if (heartbeats === 3) stop.abort();
    return Promise.resolve();
  };
  await superviseLoad(waiting(), [], aSupervision({ heartbeat, signal: stop.signal }));
  expect(heartbeats).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heartbeats).toBe(3);
});

it.each([
  [
    "the group is rebalancing",
    () => ({ heartbeat: () => Promise.reject(new Error("REBALANCE_IN_PROGRESS")) }),
  ],
  ["the partition was given up before", () => ({ signal: AbortSignal.abort() })],
  ["it takes too long", () => ({ loadTimeoutMs: 20 })],
])("asks the loader to give up when %s, and takes its answer all the same", async (_when, fields) => {
  const report = await superviseLoad(waiting(), [], aSupervision(fields()));
  expect(report.failed).toEqual([]);
});

it("leaves nothing behind on a signal that outlives the batch", async () => {
  const { signal } = new AbortController();
  await superviseLoad(new RecordingLoader(), [], aSupervision({ signal }));
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
