// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { encodeEvent, type LoadReceipt } from "@ledger-loader/core";
import { aHistory, buildPackage, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { startGate } from "../test/gate";
import { interrupt } from "../test/interrupt";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

const RECORDS = 60;
const REVISIONS = 4;
/** The ledger has committed a part of a batch when a worker is killed. */
const COMMITS = 4;

let folder: string;
let server: ServedLedgers;
let kinesis: KinesisEmulator;
beforeAll(async () => {
  buildPackage(join(__dirname, ".."));
  folder = mkdtempSync(join(tmpdir(), "receipts-killed-"));
  [server, kinesis] = await Promise.all([serve(join(folder, "data")), startKinesis()]);
});
afterAll(async () => {
  await kinesis.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const env = (more: Readonly<Record<string, string>> = {}) => ({
  ...server.env,
  AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
  ...more,
});
const run = (words: readonly string[], stdin = ""): Promise<CliResult> =>
  runWords(words, { env: env(), stdin });

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

it("a worker that is killed keeps a receipt of every revision, whether it died before it wrote receipts or after", async () => {
  const histories = Array.from({ length: RECORDS }, (_, n) =>
    aHistory(["INSERT", ...Array.from({ length: REVISIONS - 1 }, () => "UPDATE" as const)], { id: `v${n}` }),
  );
  const stdin = histories
    .flat()
    .map((event) => `${encodeEvent(event)}\n`)
    .join("");
  await kinesis.createStream("events", 2);
  await run(["load", "-", "--to", "kinesis:events"], stdin);
  await run(["ledger", "create", "killed"]);
  const receipts = join(folder, "receipts.jsonl");
  const places = ["--receipts", receipts, "--checkpoints", join(folder, "checkpoints"), "--lease", "1"];
  const words = ["consume", "kinesis:events", "--ledger", "killed", ...places];

  const gate = await startGate(server.endpoint, COMMITS);
  await interrupt(words, env({ LEDGER_ENDPOINT: gate.endpoint }), "SIGKILL", () => gate.shut);
  await gate.close();
  const before = sizeOf(receipts);
  await interrupt(words, env(), "SIGKILL", async () => {
    while (sizeOf(receipts) === before) await sleep(1);
  });
  expect((await run([...words, "--until-idle", "1"])).exitCode).toBe(0);

  const lines = readFileSync(receipts, "utf8").trim().split("\n");
  const named = lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line) as LoadReceipt);
  const revisions = named.flatMap(({ event, revision }) =>
    revision === undefined ? [] : [`${event?.id ?? ""} ${event?.version ?? ""}`],
  );
  expect(new Set(revisions).size).toBe(RECORDS * REVISIONS);
  const verified = await run(["receipt", "verify", receipts, "--ledger", "killed", "--json"]);
  expect(verified.json()).toMatchObject({ verified: revisions.length, missing: 0, different: 0 });
});
