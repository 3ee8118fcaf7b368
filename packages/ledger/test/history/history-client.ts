// SPDX-License-Identifier: MIT
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { QldbDriver, RetryConfig } from "amazon-qldb-driver-nodejs";
import type { Committed, Turn } from "./workload";
import { WORKLOADS } from "./workloads";

/** The parent's message: the next iteration, which all clients begin together. */
export interface IterationRequest {
  readonly iteration: number;
}

/** A client's answer: the transactions that it has committed, by workload. */
export type IterationAnswer = Readonly<Record<string, readonly Committed[]>>;

const RETRIES_MAX = 1000;
const PAUSE_MS_MAX = 6;

/** A client in a process of its own: `history-client ENDPOINT LEDGER CLIENT`. Runs what its parent asks for until that hangs up. */
function main([endpoint = "", ledgerName = "", number = ""]: readonly string[]): void {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const retries = new RetryConfig(RETRIES_MAX, () => Math.random() * 20);
  const driver = new QldbDriver(
    ledgerName,
    { region: "us-east-1", endpoint, credentials },
    { httpAgent },
    1,
    retries,
  );
  process.on("message", ({ iteration }: IterationRequest) => {
    const pause = (): Promise<void> => sleep(Math.random() * PAUSE_MS_MAX);
    runAll({ driver, client: Number(number), iteration, pause }).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        throw error;
      },
    );
  });
  process.once("disconnect", () => {
    driver.close();
    httpAgent.destroy();
  });
  process.send?.({});
}

/** One transaction of each workload. */
async function runAll(turn: Turn): Promise<IterationAnswer> {
  const answer: Record<string, Committed[]> = {};
  for (const { name, run } of WORKLOADS) {
    const startedAtMs = now();
    const seen = await run(turn);
    answer[name] = seen === undefined ? [] : [{ startedAtMs, endedAtMs: now(), seen }];
  }
  return answer;
}

/** Milliseconds of a clock that all processes share. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

main(process.argv.slice(2));
