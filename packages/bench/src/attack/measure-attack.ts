// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";
import type { Attack } from "./attack";
import { ATTACKED_LEDGER } from "./attacked-ledger";
import type { AttackRequest } from "./carry-out-attack";
import { SecondClient, type SecondClientReport } from "./second-client";
import type { ServerProcess } from "./server-process";
import type { AnswerTally } from "./session-client";

/** How attacks are carried out and measured. */
export interface AttackOptions {
  /** 1 is the whole attack. */
  readonly scale: number;
  /** In milliseconds. */
  readonly durationMs: number;
  /** The second client works so long before the attack begins, in milliseconds: compiled code is what is measured. */
  readonly warmUpMs: number;
  /** How long the server has to give its memory back, in milliseconds. */
  readonly restMs: number;
}

/** The effect of an attack on the server, and on another client of it. */
export interface MeasuredAttack {
  readonly name: string;
  readonly what: string;
  readonly secondClient: SecondClientReport;
  /** The answers to the attacker. */
  readonly tally: AnswerTally;
  /** The server's memory in MiB: before, at most, and after its rest. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
}

/**
 * Measures one attack on a server with a second client beside.
 *
 * @param carryOut - attacks, from this process or another
 */
export async function measureAttack(
  server: ServerProcess,
  { name, what }: Attack,
  options: AttackOptions,
  carryOut: (request: AttackRequest) => Promise<AnswerTally>,
): Promise<MeasuredAttack> {
  const { endpoint } = server;
  const { scale, durationMs } = options;
  await warmUp(endpoint, options.warmUpMs);
  await server.forgetPeak();
  const before = await server.memory();
  const client = new SecondClient(endpoint, ATTACKED_LEDGER);
  const request = { endpoint, ledgerName: ATTACKED_LEDGER, attackName: name, scale, durationMs };
  const tally = await carryOut(request);
  const secondClient = await client.stop();
  const peak = await server.peakMemory();
  const after = await rest(server, before, options.restMs);
  return { name, what, secondClient, tally, memory: { before, peak, after } };
}

async function warmUp(endpoint: string, ms: number): Promise<void> {
  const client = new SecondClient(endpoint, ATTACKED_LEDGER);
  await setTimeout(ms);
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
