// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { startChild } from "../child";
import type { Attack } from "./attack";
import type { AttackRequest } from "./attacker-child";
import { SecondClient, type SecondClientReport } from "./second-client";
import { type ServerProcess, startServerProcess } from "./server-process";
import { type AnswerTally, SessionClient } from "./session-client";
import { startSession, transact } from "./transact";

/** How attacks are carried out. */
export interface AttackOptions {
  /** 1 is the whole attack. */
  readonly scale: number;
  /** In milliseconds. */
  readonly durationMs: number;
  /** How long the server has to give its memory back, in milliseconds. */
  readonly restMs: number;
}

/** What one attack did to the server, and to another client of it. */
export interface AttackResult {
  readonly name: string;
  readonly what: string;
  readonly secondClient: SecondClientReport;
  /** What the attacker was answered. */
  readonly tally: AnswerTally;
  /** The server's memory in MiB: before, at most, and after its rest. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  /** How long SIGTERM took, in milliseconds, and the server's exit code. */
  readonly stop: { readonly ms: number; readonly exitCode: number | null };
}

const LEDGER_NAME = "attacked";

/** The second client works so long before the attack begins, in milliseconds: compiled code is what is measured. */
const WARM_UP_MS = 500;

/** Carries out one attack on a server of its own, with a second client beside. */
export async function runAttack({ name, what }: Attack, options: AttackOptions): Promise<AttackResult> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-attack-"));
  const server = await startServerProcess(folder);
  try {
    await createLedger(server.endpoint);
    const measured = await measure(server, name, options);
    return { name, what, ...measured, stop: await server.stop() };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  server: ServerProcess,
  attackName: string,
  { scale, durationMs, restMs }: AttackOptions,
): Promise<Pick<AttackResult, "memory" | "secondClient" | "tally">> {
  const { endpoint } = server;
  await warmUp(endpoint);
  await server.forgetPeak();
  const before = await server.memory();
  const secondClient = new SecondClient(endpoint, LEDGER_NAME);
  const attacker = startChild("attacker");
  const request: AttackRequest = { endpoint, ledgerName: LEDGER_NAME, attackName, scale, durationMs };
  const tally = (await attacker.ask(request)) as AnswerTally;
  await attacker.stop();
  const report = await secondClient.stop();
  const peak = await server.peakMemory();
  return { secondClient: report, tally, memory: { before, peak, after: await rest(server, before, restMs) } };
}

async function warmUp(endpoint: string): Promise<void> {
  const client = new SecondClient(endpoint, LEDGER_NAME);
  await setTimeout(WARM_UP_MS);
  await client.stop();
}

/** Waits until the server's memory is what it was, or its time to rest is over. */
async function rest(server: ServerProcess, before: number, restMs: number): Promise<number> {
  const ends = Date.now() + restMs;
  for (;;) {
    const memory = await server.memory();
    if (memory <= before * 1.25 || Date.now() >= ends) return memory;
    await setTimeout(Math.min(1000, Math.max(0, ends - Date.now())));
  }
}

/** A ledger with what the attacks and the second client work on. */
async function createLedger(endpoint: string): Promise<void> {
  const body = JSON.stringify({ Name: LEDGER_NAME, PermissionsMode: "ALLOW_ALL" });
  await fetch(`${endpoint}/ledgers`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const client = new SessionClient(endpoint);
  const token = await startSession(client, LEDGER_NAME);
  for (const table of ["Probe", "Victim", "Attacked"]) {
    await transact(client, token, [`CREATE TABLE ${table}`]);
  }
  for (let first = 0; first < 400; first += 40) {
    const documents = Array.from({ length: 40 }, (_, i) => `{'n': ${first + i}}`);
    await transact(client, token, [`INSERT INTO Victim <<${documents.join(",")}>>`]);
  }
  client.close();
}
