// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type Consumer,
  DrainTimeoutError,
  HealthServerError,
  type Loader,
  LoaderHealth,
  PrometheusMetrics,
  type WorkerOptions,
  createLoader,
  runWorker,
  startHealthServer,
} from "@ledger-loader/core";
import { anEvent, startLedger, type TestLedger } from "@ledger-loader/testkit";
import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { aDelivery } from "../../test/letters";

let ledger: TestLedger;
let signals: EventEmitter;

beforeEach(async () => {
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  signals = new EventEmitter();
});
afterEach(() => ledger.close());

/** A consumer that does nothing until it is told to stop, and then takes its time. */
const idle = (stopMs = 0): Consumer => ({
  run: async (signal) => {
    await once(signal, "abort");
    await pause(stopMs);
  },
});

/** Starts a worker; returns its address and the promise of its end. */
async function start(
  options: Partial<WorkerOptions> & Pick<WorkerOptions, "consumer">,
): Promise<{ url: string; ended: Promise<void> }> {
  let ended: Promise<void> = Promise.resolve();
  const url = await new Promise<string>((resolve) => {
    ended = runWorker({
      signals,
      ...options,
      health: { port: 0, onListening: resolve, ...options.health },
    });
  });
  return { url, ended };
}

async function healthOf(url: string): Promise<readonly [status: number, body: unknown]> {
  const response = await fetch(`${url}/health`);
  return [response.status, await response.json()];
}

describe("A worker", () => {
  it("answers /health and /metrics on this machine only, and nothing else", async () => {
    const metrics = new PrometheusMetrics();
    metrics.record("parked", 1, { reason: "version-gap" });
    const { url, ended } = await start({ consumer: idle(), health: { port: 0, metrics } });
    expect(new URL(url).hostname).toBe("127.0.0.1");
    expect(await healthOf(url)).toEqual([200, { status: "ok", problems: [] }]);
    const exposition = await fetch(`${url}/metrics`);
    expect(exposition.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await exposition.text()).toContain('ledger_loader_parked_total{reason="version-gap"} 1');
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/health`, { method: "POST" })).status).toBe(405);
    signals.emit("SIGTERM");
    await ended;
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it("is unhealthy while the ledger is away, and healthy again when it is back", async () => {
    let nowMs = 0;
    const health = new LoaderHealth({ ledger: ledger.connect(), answerTimeoutMs: 2_000, now: () => nowMs });
    const { url, ended } = await start({
      consumer: idle(),
      health: { port: 0, problems: () => health.problems() },
    });
    expect((await healthOf(url))[0]).toBe(200);
    await ledger.stop();
    nowMs += 10_000;
    expect(await healthOf(url)).toEqual([
      503,
      { status: "unhealthy", problems: ["the ledger does not answer"] },
    ]);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await ledger.restart();
    nowMs += 10_000;
    expect((await healthOf(url))[0]).toBe(200);
    signals.emit("SIGINT");
    await ended;
  });

  it("is unhealthy while a batch makes no progress, and not for want of batches", async () => {
    let nowMs = 0;
    let finish: () => void = () => undefined;
    const connection = ledger.connect();
    const health = new LoaderHealth({ ledger: connection, stalledAfterMs: 60_000, now: () => nowMs });
    const inner = createLoader({ ledger: connection, writer: new BaseRevisionWriter() });
    const slow: Loader = {
      load: async (deliveries, options) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return inner.load(deliveries, options);
      },
      close: () => inner.close(),
    };
    nowMs += 100_000;
    expect(await health.problems()).toEqual([]);
    const loading = health.watch(slow).load([aDelivery("1", [anEvent()])], { onFailure: "continue" });
    nowMs += 60_000;
    expect(await health.problems()).toEqual([]);
    nowMs += 1_000;
    expect(await health.problems()).toEqual(["no batch was loaded for 61 s"]);
    finish();
    await loading;
    expect(await health.problems()).toEqual([]);
  });

  it("finishes what is under way when it is asked to end, and says so meanwhile", async () => {
    let finished = false;
    const consumer: Consumer = {
      run: async (signal) => {
        await once(signal, "abort");
        await pause(100);
        finished = true;
      },
    };
    const { url, ended } = await start({ consumer });
    signals.emit("SIGTERM");
    expect(await healthOf(url)).toMatchObject([503, { status: "draining" }]);
    await ended;
    expect(finished).toBe(true);
    expect(signals.listenerCount("SIGTERM") + signals.listenerCount("SIGINT")).toBe(0);
  });

  it("gives up when that takes too long", async () => {
    const { ended } = await start({ consumer: idle(500), drainTimeoutMs: 20 });
    signals.emit("SIGTERM");
    await expect(ended).rejects.toThrow(DrainTimeoutError);
  });

  it("can be ended by a program as well, also before it began", async () => {
    const consumer: Consumer = {
      run: async (signal) => {
        await pause(0);
        signal.throwIfAborted();
      },
    };
    await expect(
      runWorker({ consumer: idle(), signals, signal: AbortSignal.timeout(10) }),
    ).resolves.toBeUndefined();
    await expect(runWorker({ consumer, signals, signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });

  it("ends with what its consumer throws, and leaves nothing listening", async () => {
    const { url, ended } = await start({
      consumer: { run: () => pause(20).then(() => Promise.reject(new Error("no rights"))) },
    });
    await expect(ended).rejects.toThrow("no rights");
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it("does not start where it cannot listen", async () => {
    let url = "";
    const server = await startHealthServer({ port: 0, onListening: (found) => (url = found) });
    const port = Number(new URL(url).port);
    await expect(runWorker({ consumer: idle(), signals, health: { port } })).rejects.toThrow(
      HealthServerError,
    );
    await server.close();
  });
});
