// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { PartiqlError } from "@ledger-loader/partiql";
import { describeWhen, peerAvailability } from "@ledger-loader/testkit";
import { dom } from "ion-js";
import { MemoryCatalog } from "../test/memory-catalog";
import { knownDifferences } from "../test/reference/known-differences";
import { readReferenceResults, writeReferenceResults } from "../test/reference/reference-results";
import { referenceStatements } from "../test/reference/statements";
import { run, toText } from "../test/run";

describe("Beside PartiQL's reference implementation, 0.4.0", () => {
  it("every statement has the same value, or is refused as well, but for differences that have a reason", async () => {
    const results = process.env["UPDATE_REFERENCE"] === "1" ? await updated() : readReferenceResults();
    const met = new Set<string>();
    const unexplained: string[] = [];
    for (const [place, statement] of referenceStatements.entries()) {
      const [theirs, ours] = [normalized(results[place] ?? ""), await answer(statement)];
      if (theirs === ours) continue;
      const known = knownDifferences.find(({ statements }) => statements.test(statement));
      if (known === undefined) unexplained.push(`${statement}\n  theirs ${theirs}\n  ours   ${ours}`);
      else met.add(known.because);
    }
    expect(unexplained).toEqual([]);
    expect([...met].sort()).toEqual(knownDifferences.map(({ because }) => because).sort());
  });
});

const peer = peerAvailability("partiql-reference");
describeWhen(peer, describe)("The reference implementation itself", () => {
  it("still answers as the table says, in a sample", () => {
    const sample = referenceStatements
      .map((statement, place) => ({ statement, place }))
      .filter(({ place }) => place % 50 === 0);
    const results = readReferenceResults();
    expect(askReference(sample.map(({ statement }) => statement))).toEqual(
      sample.map(({ place }) => results[place]),
    );
  });
});

async function answer(statement: string): Promise<string> {
  try {
    return `[${(await run(new MemoryCatalog(), statement)).map(toText).join(",")}]`;
  } catch (error) {
    if (error instanceof PartiqlError) return "error";
    throw error;
  }
}

/** As our rows are written: neither bags nor MISSING exist in Ion. */
function normalized(result: string): string {
  if (result === "error" || result.startsWith("defect")) return "error";
  return toText(dom.load(result.replaceAll("bag::", "").replaceAll("missing::", "")) ?? new dom.Null());
}

async function updated(): Promise<readonly string[]> {
  writeReferenceResults(askReference(referenceStatements));
  return Promise.resolve(readReferenceResults());
}

/** Runs the program of test/reference on the reference implementation's jars. */
function askReference(statements: readonly string[]): readonly string[] {
  if (!peer.available) throw new Error(peer.reason);
  const program = path.join(__dirname, "../test/reference/Evaluate.java");
  const options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path.join(peer.folder, "lib", "*")];
  const { stdout, stderr, status } = spawnSync("java", [...options, program], {
    input: `${statements.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`java ended with code ${String(status)}: ${stderr.slice(-2_000)}`);
  return stdout.trimEnd().split("\n");
}
