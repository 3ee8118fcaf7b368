// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import { aHistory, receiveAll, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

const EVENTS = aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE"]);

let folder: string;
let server: ServedLedgers;
let sqs: SqsEmulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-receipts-"));
  server = await serve(join(folder, "data"));
  sqs = await startSqs();
});
afterAll(async () => {
  await sqs.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: readonly string[]): Promise<CliResult> =>
  runWords(words, { env: { ...server.env, AWS_ENDPOINT_URL_SQS: sqs.endpoint } });

function eventFile(name: string, more = ""): string {
  const path = join(folder, name);
  writeFileSync(path, EVENTS.map((event) => `${encodeEvent(event)}\n`).join("") + more);
  return path;
}

it("load --receipts tells where each event is, which the ledger and its export confirm", async () => {
  await run("ledger", "create", "loaded");
  const file = join(folder, "loaded.jsonl");
  const events = eventFile("events.ion", "{op: INSERT, table: Vehicle}\n");
  const loaded = await run("load", events, "--to", "ledger:loaded", "--receipts", file);
  expect(loaded.exitCode).toBe(1);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { source: string; outcome: string }).outcome)).toEqual([
    "written",
    "written",
    "written",
    "written",
    "rejected",
  ]);
  expect(lines[4]).toContain(`"source":"line 5 of ${events}"`);
  const inLedger = await run("receipt", "verify", file, "--ledger", "loaded");
  expect(inLedger).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("5 receipts: 4 verified") });
  expect(inLedger.stdout).toContain("1 receipt without a revision: the event was not applied");
  const output = join(folder, "export");
  await run("ledger", "export", "loaded", "--output", output);
  expect((await run("receipt", "verify", file, "--export", output)).stdout).toContain("the receipts hold");
});

it("receipt verify finds a receipt that was changed, one of another ledger and a line that was cut off", async () => {
  await run("ledger", "create", "original");
  await run("ledger", "create", "other");
  const file = join(folder, "original.jsonl");
  const events = eventFile("original.ion");
  await run("load", events, "--to", "ledger:original", "--receipts", file);
  await run("load", events, "--to", "ledger:other");
  const [first = "", second = "", ...rest] = readFileSync(file, "utf8").trim().split("\n");
  const changed = first.replace(/"hash":"./, (text) => (text.endsWith("A") ? `"hash":"B` : `"hash":"A`));
  const moved = second.replace(/"sequenceNo":\d+/, `"sequenceNo":999`);
  const forged = join(folder, "forged.jsonl");
  writeFileSync(forged, [changed, moved, ...rest, first.slice(0, 40)].map((line) => `${line}\n`).join(""));
  const found = await run("receipt", "verify", forged, "--ledger", "original", "--json");
  expect(found.exitCode).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({
    receipts: 5,
    verified: 2,
    different: 2,
    unreadable: 1,
    problems: [
      { line: 1, kind: "different", detail: expect.stringContaining("with hash A") },
      { line: 2, kind: "different", detail: expect.stringContaining("in block 999") },
      { line: 5, kind: "unreadable" },
    ],
  });
  const elsewhere = await run("receipt", "verify", file, "--ledger", "other");
  expect(elsewhere).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("0 verified, 4 missing") });
});

it("consume --receipts keeps receipts in a file, or in a queue", async () => {
  await run("ledger", "create", "consumed");
  const { url } = await sqs.createQueue({ name: "events.fifo", fifo: true });
  const receipts = await sqs.createQueue({ name: "receipts", fifo: false });
  const events = eventFile("consumed.ion");
  const file = join(folder, "consumed.jsonl");
  for (const place of [file, `sqs:${receipts.url}`]) {
    await run("load", events, "--to", `sqs:${url}`);
    const words = ["consume", `sqs:${url}`, "--ledger", "consumed", "--until-idle", "1", "--receipts", place];
    expect((await run(...words)).exitCode).toBe(0);
  }
  const bodies = (await receiveAll(sqs.client, receipts.url)).map(({ Body = "" }) => Body);
  expect(bodies).toHaveLength(EVENTS.length);
  writeFileSync(file, `${bodies.join("\n")}\n`, { flag: "a" });
  const verified = await run("receipt", "verify", file, "--ledger", "consumed");
  expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("8 receipts: 8 verified") });
});

it("says what is wrong with a command line", async () => {
  const both = await run("receipt", "verify", "x", "--ledger", "a", "--export", "b");
  expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--ledger or --export") });
  const missing = await run("receipt", "verify", join(folder, "none"), "--ledger", "original");
  expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("ENOENT") });
  const channel = await run("load", "-", "--to", "sqs:http://127.0.0.1/0/q", "--receipts", "x");
  expect(channel).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("expected --receipts with --to ledger:"),
  });
});
