// SPDX-License-Identifier: MIT
import { type Attack, type AttackTarget, repeatedly } from "../attack";
import type { ClientParameter } from "../session-client";

const CLIENTS = 8;

interface Statement {
  readonly text: string;
  readonly parameters?: readonly ClientParameter[];
}

/** Statements that are short to write and long to run. */
export const statementAttacks: readonly Attack[] = [
  attack("cross-joins-of-literals", "ten to the tenth rows of literals", [
    { text: `SELECT COUNT(*) FROM ${join(10, bag(10))}` },
    // Within one expression: nothing is read, so nothing is waited for.
    { text: `SELECT VALUE (SELECT COUNT(*) FROM ${join(6, bag(100))}) FROM <<1>> AS x` },
  ]),
  attack("cross-joins-of-tables", "ten to the tenth rows of a table", [
    { text: `SELECT COUNT(*) FROM ${join(5, "Victim")}` },
    { text: `SELECT * FROM ${join(4, "Victim")} WHERE a0.n + a1.n + a2.n + a3.n = 1` },
  ]),
  attack("doubling", "lists, structs and strings that double 28 times", [
    { text: `SELECT COUNT(*) FROM << [0] >> AS a0${doubled((x) => `${x}||${x}`)}` },
    { text: `SELECT VALUE a28 FROM << 'abc' >> AS a0${doubled((x) => `${x}||${x}`)}` },
    { text: `SELECT VALUE a28 FROM << 1 >> AS a0${doubled((x) => `{'l': ${x}, 'r': ${x}}`)}` },
    { text: `SELECT VALUE a28 FROM << 10 >> AS a0${doubled((x) => `${x}*${x}`)}` },
  ]),
  attack("like", "patterns on texts of 60,000 characters", [
    like("a".repeat(60_000), `%${"a".repeat(60_000)}b`),
    like("a".repeat(60_000), `${"%a".repeat(30_000)}b`),
    like("ab".repeat(30_000), `%${"_".repeat(30_000)}c%`),
  ]),
  attack("paths", "paths of 30,000 steps, expressions nested 10,000 deep", [
    { text: `SELECT a${".b".repeat(30_000)} FROM <<{}>> AS a` },
    { text: `SELECT a${"[0]".repeat(30_000)} FROM <<{}>> AS a` },
    { text: `SELECT ${"(".repeat(10_000)}1${")".repeat(10_000)} FROM <<1>> AS a` },
    { text: `SELECT ${"NOT ".repeat(20_000)}TRUE FROM <<1>> AS a` },
    { text: `SELECT 1${" + 1".repeat(20_000)} FROM <<1>> AS a` },
  ]),
  attack("long-statements", "statements of 100,000 characters, none of them twice", [
    { text: `SELECT VALUE x FROM ${bag(12_000)} AS x WHERE x IN ${bag(2000)}` },
    { text: `SELECT ${"a.b,".repeat(24_000)}a FROM <<{}>> AS a` },
  ]),
  attack("large-operands", "casts, sums and comparisons of 100,000 digits in many rows", [
    rows("x < p", digits(300_000)),
    rows("p * p > x", digits(100_000)),
    rows("CAST(p AS STRING) = 'a'", digits(300_000)),
    rows("CAST(p AS DECIMAL) > x", { IonText: `"${"1".repeat(100_000)}"` }),
    rows("CAST(p AS INT) > x", { IonText: `"${"1".repeat(100_000)}"` }),
    rows("p = [x]", { IonText: `[${Array.from({ length: 50_000 }, (_, i) => i).join(",")}]` }),
    rows("x IN p", { IonText: `[${Array.from({ length: 50_000 }, (_, i) => i).join(",")}]` }),
    rows("UPPER(p) = LOWER(p)", { IonText: `"${"a".repeat(100_000)}"` }),
    rows("SUBSTRING(p, x, 1) = 'b'", { IonText: `"${"a".repeat(100_000)}"` }),
  ]),
];

function attack(name: string, what: string, statements: readonly Statement[]): Attack {
  return { name, what, run: (target) => runStatements(target, statements) };
}

/** Eight clients run the statements in turn; each waits for its answer until the attack is over. */
async function runStatements(target: AttackTarget, statements: readonly Statement[]): Promise<void> {
  const { client, ledgerName } = target;
  let next = 0;
  await repeatedly(target, CLIENTS, async (signal) => {
    const statement = statements[next++ % statements.length];
    const transaction = await client.begin(ledgerName, signal);
    if (transaction === undefined || statement === undefined) return;
    // A comment makes every text another one, so that no cache of statements helps.
    await client.execute(transaction, `${statement.text} --${next}`, statement.parameters, signal);
    await client.end(transaction);
  });
}

function bag(size: number): string {
  return `<<${Array.from({ length: size }, (_, i) => i).join(",")}>>`;
}

function join(times: number, source: string): string {
  return Array.from({ length: times }, (_, i) => `${source} AS a${i}`).join(", ");
}

function doubled(twice: (name: string) => string): string {
  return Array.from({ length: 28 }, (_, i) => `, << ${twice(`a${i}`)} >> AS a${i + 1}`).join("");
}

function like(text: string, pattern: string): Statement {
  return {
    text: "SELECT VALUE p LIKE q FROM << ? >> AS p, << ? >> AS q",
    parameters: [{ IonText: `"${text}"` }, { IonText: `"${pattern}"` }],
  };
}

function digits(count: number): ClientParameter {
  return { IonText: "7".repeat(count) };
}

/** A condition on each of a million rows `x`, each with the parameter `p`. */
function rows(condition: string, parameter: ClientParameter): Statement {
  const source = `<< ? >> AS p, ${bag(1000)} AS x, ${bag(1000)} AS y`;
  return { text: `SELECT COUNT(*) FROM ${source} WHERE ${condition}`, parameters: [parameter] };
}
