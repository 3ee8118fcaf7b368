// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { LAMBDA_EVENTS, startLambda, startLedger, startSqs } from "@ledger-loader/testkit";
import { bundleFunction } from "../lib/constructs/bundle";
import { startAwsRecorder } from "./aws-recorder";
import { SECRETS } from "./function-runs";

const STARTS = 7;
const MARK = "cold start: ";

/** Milliseconds from the import of the function's code to its first outcome, and how they are spent. */
interface ColdStart {
  readonly import: number;
  readonly first: number;
  readonly total: number;
}

/** A handler around the function's own, which says when it was imported and when it first answered. */
const TIMED = `
const began = performance.now();
const { handler } = require("./index.js");
const imported = performance.now();
exports.handler = async (event) => {
  const invoked = performance.now();
  const answer = await handler(event);
  const done = performance.now();
  console.log("${MARK}" + JSON.stringify({ import: imported - began, first: done - invoked, total: done - began }));
  return answer;
};`;

it("starts the function of a queue, reads the ledger's keys and writes the first event, timed from within", async () => {
  const { toEvent, answer } = LAMBDA_EVENTS.find(({ name }) => name === "sqs")!;
  const codeFolder = mkdtempSync(path.join(tmpdir(), "cold-start-"));
  bundleFunction(codeFolder, { entry: "sqs" });
  writeFileSync(path.join(codeFolder, "timed.js"), TIMED);
  const ledger = await startLedger({ name: "vehicles", tables: { Vehicle: ["oldDocumentId"] } });
  const sqs = await startSqs();
  const recorder = await startAwsRecorder({ queues: sqs.endpoint, qldb: ledger.endpoint, secrets: SECRETS });
  const starts: ColdStart[] = [];
  try {
    for (let start = 0; start < STARTS; start++) {
      const lambda = await startLambda({
        codeFolder,
        handler: "timed.handler",
        environment: {
          LEDGER_NAME: ledger.name,
          LEDGER_ENDPOINT: ledger.endpoint,
          LEDGER_CREDENTIALS_SECRET: Object.keys(SECRETS).find((arn) => arn.includes(":ledger-"))!,
          DEAD_LETTERS: `sqs:${recorder.endpoint}/000000000000/letters`,
          AWS_ENDPOINT_URL: recorder.endpoint,
        },
      });
      expect(await lambda.invoke(toEvent("Vehicle"))).toEqual({ status: "ok", payload: answer });
      starts.push(coldStartIn(lambda.log));
      await lambda.close();
    }
    // With an address for the ledger, the keys are all that is asked of AWS.
    expect([...recorder.permissions]).toEqual([
      expect.stringMatching(/^secretsmanager:GetSecretValue on .*:secret:ledger-/),
    ]);
  } finally {
    await recorder.close();
    await sqs.close();
    await ledger.close();
    rmSync(codeFolder, { recursive: true });
  }
  tell(starts);
});

function coldStartIn(log: string): ColdStart {
  const line = log.split("\n").find((each) => each.startsWith(MARK));
  expect(line).toBeDefined();
  return JSON.parse(line!.slice(MARK.length)) as ColdStart;
}

/** Printed, not asserted: the aim is 400 ms, and how fast it is depends on the machine. */
function tell(starts: readonly ColdStart[]): void {
  const median = (part: keyof ColdStart): string =>
    String(Math.round(starts.map((start) => start[part]).toSorted((a, b) => a - b)[STARTS >> 1]!));
  process.stderr.write(
    `Cold start of the function of a queue, from import to first outcome, median of ${STARTS}: ${median("total")} ms ` +
      `(import ${median("import")} ms; secret, ledger session and first write ${median("first")} ms).\n`,
  );
}
