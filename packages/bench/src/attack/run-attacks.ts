// SPDX-License-Identifier: MIT
import { parseArgs } from "node:util";
import type { Attack } from "./attack";
import { ATTACKS } from "./attacks";
import { ATTACK_BOUNDS, judgeAttack, judgeStop } from "./judge-attack";
import type { AttackOptions } from "./measure-attack";
import { renderAttacks } from "./render-attacks";
import { type AttackResult, runAttack } from "./run-attack";
import { writeTable } from "../write-table";

const WHOLE: AttackOptions = { scale: 1, durationMs: 20_000, warmUpMs: 500, restMs: 60_000 };
const QUICK: AttackOptions = { scale: 0.1, durationMs: 2000, warmUpMs: 500, restMs: 10_000 };

const USAGE = `usage: pnpm attack [NAME]... [--quick] [--json] [--write]

${ATTACKS.map(({ name, what }) => `  ${name.padEnd(26)}${what}`).join("\n")}

  --quick   a tenth of each attack, two seconds long; times are not judged
  --json    prints the results as JSON
  --write   writes the table of docs/internals/holding.md`;

/** One result and what was wrong with it. */
export type JudgedAttack = AttackResult & { readonly problems: readonly string[] };

/**
 * Attacks ledger servers, one for each attack, and prints what a second client of the server has met.
 *
 * @returns the exit code: 0; 1 if a bound was broken; 2 for wrong usage
 */
export async function runAttacks(argv: readonly string[]): Promise<number> {
  const chosen = choose(argv);
  if (chosen === undefined) {
    console.error(USAGE);
    return 2;
  }
  const results: JudgedAttack[] = [];
  for (const attack of chosen.attacks) {
    const result = await runAttack(attack, chosen.quick ? QUICK : WHOLE);
    const bounds = { ...ATTACK_BOUNDS, ...(chosen.quick && { p99MaxMs: undefined }) };
    const problems = [...judgeAttack(result, bounds), ...judgeStop(result.stop, bounds)];
    results.push({ ...result, problems });
    console.error(`${attack.name}: ${problems.join(" ") || "holds"}`);
  }
  console.log(chosen.json ? JSON.stringify(results) : renderAttacks(results));
  if (chosen.write) writeTable("attacks", renderAttacks(results));
  return results.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

interface Choice {
  readonly attacks: readonly Attack[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly write: boolean;
}

function choose(argv: readonly string[]): Choice | undefined {
  try {
    const flag = { type: "boolean", default: false } as const;
    const options = { quick: flag, json: flag, write: flag };
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const attacks = ATTACKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    return attacks.length < positionals.length ? undefined : { ...values, attacks };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
