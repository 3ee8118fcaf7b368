// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attack } from "./attack";
import { createAttackedLedger } from "./attacked-ledger";
import { carryOutInChild } from "./attacker-child";
import { type AttackOptions, measureAttack, type MeasuredAttack } from "./measure-attack";
import { type ServerEnd, startServerProcess } from "./server-process";

/** The effect of one attack on its own server. */
export interface AttackResult extends MeasuredAttack {
  /** How SIGTERM ended the server. */
  readonly stop: ServerEnd;
}

/** Carries out one attack on a server of its own, with a second client beside. */
export async function runAttack(attack: Attack, options: AttackOptions): Promise<AttackResult> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-attack-"));
  const server = await startServerProcess(folder);
  try {
    await createAttackedLedger(server.endpoint);
    const measured = await measureAttack(server, attack, options, carryOutInChild);
    return { ...measured, stop: await server.stop() };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
