// SPDX-License-Identifier: MIT
import { type Attack, type AttackTarget, repeatedly } from "../attack";
import type { ClientParameter } from "../session-client";

const CLIENTS = 8;
/** The most that a parameter may have as Ion text. */
const TEXT_MAX = 1_000_000;

const IMPORT = '{name:"a",version:1,max_id:1000000}';

/** Parameters that are small to send and large to read. */
export const parameterAttacks: readonly Attack[] = [
  attack("nested-lists", "parameters: lists nested 500,000 deep, and 60,000 lists", [
    text("[".repeat(TEXT_MAX / 2) + "]".repeat(TEXT_MAX / 2)),
    text(`[${Array.from({ length: 60_000 }, () => "[]").join(",")}]`),
  ]),
  attack("symbol-bombs", "parameters: symbol tables that claim 150 million symbols", [
    text(`$ion_symbol_table::{imports:[${Array.from({ length: 150 }, () => IMPORT).join(",")}]} 0`),
    text(`${'$ion_symbol_table::{imports:$ion_symbol_table,symbols:["a"]} '.repeat(15_000)} 0`),
  ]),
  attack("large-numbers", "parameters: ints of 300,000 digits, decimals of exponent 999999999", [
    text("1".repeat(300_000)),
    text(`${"9".repeat(300_000)}d999999999`),
    text("1d-999999999"),
  ]),
];

function attack(name: string, what: string, parameters: readonly ClientParameter[]): Attack {
  return { name, what, run: (target) => sendParameters(target, parameters) };
}

function text(IonText: string): ClientParameter {
  return { IonText };
}

/** Eight clients send the parameters in turn, and compare each with numbers. */
async function sendParameters(target: AttackTarget, parameters: readonly ClientParameter[]): Promise<void> {
  const { client, ledgerName } = target;
  let next = 0;
  await repeatedly(target, CLIENTS, async (signal) => {
    const parameter = parameters[next++ % parameters.length] ?? text("0");
    const transaction = await client.begin(ledgerName, signal);
    if (transaction === undefined) return;
    const statement = "SELECT VALUE p FROM << ? >> AS p WHERE p > 1 OR p IS NOT NULL";
    await client.execute(transaction, statement, [parameter], signal);
    await client.end(transaction);
  });
}
