// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Attack } from "./attack";
import { createAttackedLedger } from "./attacked-ledger";
import { ATTACKS } from "./attacks";
import { carryOutAttack } from "./carry-out-attack";
import { type AttackBounds, judgeAttack, judgeStop } from "./judge-attack";
import { type AttackOptions, measureAttack } from "./measure-attack";
import { type ServerProcess, startServerProcess } from "./server-process";

/** A hundredth of each attack, for so long that every statement of it is sent. */
const SMALL: AttackOptions = { scale: 0.01, durationMs: 500, warmUpMs: 0, restMs: 0 };

/** Limits that a hundredth of an attack breaks. */
const LIMITS = [
  "--max-request-memory",
  "24MB",
  "--max-transaction-memory",
  "16MB",
  "--max-unread-memory",
  "1MB",
];

/** No clocks: the machine may be shared. */
const BOUNDS: AttackBounds = {
  p99MaxMs: undefined,
  peakMemoryMax: 768,
  keptMemoryMax: Infinity,
  stopMaxMs: Infinity,
};

/** The answers that an attacker may get. */
const ANSWERS: ReadonlySet<string> = new Set([
  "200",
  "400 BadRequestException",
  "400 InvalidSessionException",
  "503 CapacityExceededException",
]);

/** They never send a whole request. */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(["idle-connections", "slow-headers", "slow-bodies"]);

let folder: string;
let server: ServerProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ledger-attack-"));
  server = await startServerProcess(folder, LIMITS);
  await createAttackedLedger(server.endpoint);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("A server that is attacked answers its other clients, keeps its memory and names its errors", () => {
  it.each(ATTACKS.map((attack): [string, Attack] => [attack.name, attack]))("%s", async (_, attack) => {
    const measured = await measureAttack(server, attack, SMALL, carryOutAttack);
    expect(judgeAttack(measured, BOUNDS)).toEqual([]);
    const { counts, cut } = measured.tally;
    expect({ unknown: Object.keys(counts).filter((answer) => !ANSWERS.has(answer)), cut }).toEqual({
      unknown: [],
      cut: 0,
    });
    const answers = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(answers > 0).toBe(!NEVER_ANSWERED.has(attack.name));
  });

  it("and ends when it is asked to", async () => {
    expect(judgeStop(await server.stop(), BOUNDS)).toEqual([]);
  });
});
