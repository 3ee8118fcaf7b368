// SPDX-License-Identifier: MIT
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { join } from "node:path";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import { connect } from "../open-test-server";
import type { IterationAnswer, IterationRequest } from "./history-client";
import type { Committed, Workload } from "./workload";
import { WORKLOADS } from "./workloads";

/** Which ledger, and how hard. */
export interface HistoryOptions {
  /** One server, or several servers of the same ledger: clients take them in turn. */
  readonly endpoints: readonly [first: string, ...others: string[]];
  /** It MUST exist and be empty. */
  readonly ledgerName: string;
  /** The bundled `history-client`. */
  readonly program: string;
  readonly clients: number;
  readonly iterations: number;
}

/** The result of one workload. */
export interface WorkloadResult {
  readonly name: string;
  readonly rule: string;
  readonly anomalies: readonly string[];
}

/** Runs all workloads from several processes of the official driver, and looks for what isolation forbids. */
export async function runHistory(options: HistoryOptions): Promise<readonly WorkloadResult[]> {
  const httpAgent = new Agent({ keepAlive: true });
  const driver = connect(options.endpoints[0], options.ledgerName, httpAgent, { sessionsMax: 1 });
  try {
    for (const statement of WORKLOADS.flatMap(({ setUp }) => setUp(options.iterations))) {
      await driver.executeLambda((transaction) => transaction.execute(statement));
    }
    const committed = await runClients(options);
    const results: WorkloadResult[] = [];
    for (const workload of WORKLOADS) results.push(await check(driver, workload, committed));
    return results;
  } finally {
    driver.close();
    httpAgent.destroy();
  }
}

async function check(
  driver: QldbDriver,
  { name, rule, readEnd, check: find }: Workload<unknown>,
  answers: readonly IterationAnswer[],
): Promise<WorkloadResult> {
  const end = await driver.executeLambda(async (transaction) => {
    const rows = (await transaction.execute(readEnd)).getResultList();
    return rows.map((row) => row.fields().map(([, value]) => value.numberValue() ?? NaN));
  });
  const committed: readonly Committed[] = answers.flatMap((answer) => answer[name] ?? []);
  return { name, rule, anomalies: find(committed, end) };
}

async function runClients(options: HistoryOptions): Promise<readonly IterationAnswer[]> {
  const children = Array.from({ length: options.clients }, (_, client) => startClient(options, client));
  try {
    // Each says so when it is ready.
    await Promise.all(children.map(readAnswer));
    const answers: IterationAnswer[] = [];
    for (let iteration = 0; iteration < options.iterations; iteration++) {
      const request: IterationRequest = { iteration };
      answers.push(...(await Promise.all(children.map((child) => ask(child, request)))));
    }
    return answers;
  } finally {
    await Promise.all(children.map(stop));
  }
}

function startClient({ program, endpoints, ledgerName }: HistoryOptions, client: number): ChildProcess {
  const endpoint = endpoints[client % endpoints.length] ?? endpoints[0];
  const env = { ...process.env, NODE_PATH: join(__dirname, "..", "..", "node_modules") };
  return fork(program, [endpoint, ledgerName, String(client)], { env, execArgv: [] });
}

function ask(child: ChildProcess, request: IterationRequest): Promise<IterationAnswer> {
  const answer = readAnswer(child);
  child.send(request);
  return answer;
}

async function readAnswer(child: ChildProcess): Promise<IterationAnswer> {
  const either = new AbortController();
  const { signal } = either;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as IterationAnswer),
      once(child, "exit", { signal }).then(([code]) => {
        throw new Error(`Expected an answer of a client, found that it ended with ${String(code)}.`);
      }),
    ]);
  } finally {
    either.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}
