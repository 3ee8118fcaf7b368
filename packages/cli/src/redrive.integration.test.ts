// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type DeadLetter, FileDeadLetterSink, encodeEvent } from "@ledger-loader/core";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import { aHistory, anEvent, receiveAll, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;
let sqs: SqsEmulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-redrive-"));
  server = await serve(join(folder, "data"));
  sqs = await startSqs();
});
afterAll(async () => {
  await sqs.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const aLetter = (deliveryId: string, body: string, channel = "sqs"): DeadLetter => ({
  channel,
  origin: `events/${deliveryId}`,
  deliveryId,
  body,
  reason: "version-gap",
  detail: "Expected version 0 of the record next, found 2.",
  retryable: true,
  parkedAtMs: 1,
});

async function run(...words: string[]): Promise<CliResult> {
  const env = {
    ...server.env,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    MASKING_KEY: "a key of thirty-two characters or more",
  };
  return runWords(words, { env });
}

async function parkedHistory(ledger: string): Promise<string> {
  const path = join(folder, `${ledger}.jsonl`);
  const letters = aHistory(["INSERT", "UPDATE", "UPDATE"])
    .toReversed()
    .map((event, i) => aLetter(String(i), encodeEvent(event)));
  await new FileDeadLetterSink(path).park(letters);
  await run("ledger", "create", ledger);
  return path;
}

describe("redrive", () => {
  it("says in a dry run what it would do, then does it", async () => {
    const path = await parkedHistory("dry");
    const before = readFileSync(path, "utf8");
    const dry = await run("redrive", path, "--ledger", "dry", "--dry-run", "--json");
    // A table that is missing is taken for an empty one, and not created.
    expect(dry.json()).toMatchObject({
      dryRun: true,
      letters: 3,
      applied: 3,
      kept: 0,
    });
    expect(dry.exitCode).toBe(0);
    const none = await run("redrive", path, "--ledger", "dry", "--dry-run", "--no-create-tables", "--json");
    expect(none.json()).toMatchObject({ kept: 3, redriven: [{ reason: "unknown-table" }, {}, {}] });
    expect(readFileSync(path, "utf8")).toBe(before);
    const result = await run("redrive", path, "--ledger", "dry", "--json");
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ dryRun: false, applied: 3, written: 3, kept: 0, complete: true });
    expect(readFileSync(path, "utf8")).toBe("");
    const rows = await run("ledger", "query", "dry", "SELECT revision FROM Vehicle", "--json");
    expect(rows.stdout).toContain("2");
  });

  it("names what stays, with reason and the revision it waits for, and applies it once that is there", async () => {
    const path = join(folder, "stays.jsonl");
    const [, second] = aHistory(["INSERT", "UPDATE"]);
    await new FileDeadLetterSink(path).park([aLetter("7", encodeEvent(second!)), aLetter("8", "x", "dms")]);
    await run("ledger", "create", "stays");
    const result = await run("redrive", path, "--ledger", "stays");
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain("2 letters stay");
    expect(result.stdout).toContain("events/7: version-gap");
    expect(result.stdout).toContain('Waits for version 0 of Vehicle "v1".');
    const events = join(folder, "first.jsonl");
    writeFileSync(events, encodeEvent(anEvent()));
    await run("load", events, "--to", "ledger:stays");
    expect((await run("redrive", path, "--ledger", "stays", "--json")).json()).toMatchObject({
      applied: 1,
      kept: 1,
    });
  });

  it("takes letters from a queue: the loader's own, those that SQS parked, and what Lambda gave up", async () => {
    const { url } = await sqs.createQueue({ name: "letters", fifo: false });
    const [first, second, third] = aHistory(["INSERT", "UPDATE", "UPDATE"]);
    await new SqsDeadLetterSink({ client: sqs.client, queueUrl: url }).park([
      aLetter("1", encodeEvent(second!)),
    ]);
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: encodeEvent(first!) }));
    const invocation = {
      requestContext: { condition: "RetriesExhausted" },
      requestPayload: { Records: [{ EventSource: "aws:sns", Sns: { Message: encodeEvent(third!) } }] },
    };
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(invocation) }));
    await run("ledger", "create", "queued");
    const result = await run("redrive", `sqs:${url}`, "--ledger", "queued", "--json");
    expect(result.json()).toMatchObject({ letters: 3, applied: 3, complete: true });
    expect(await receiveAll(sqs.client, url)).toEqual([]);
  });

  it("masks as the loader does", async () => {
    const path = await parkedHistory("masked");
    const rules = join(folder, "rules.ion");
    writeFileSync(
      rules,
      "{tables:{Vehicle:{hashId:true,rules:[{path:revision,action:replace,value:withheld}]}}}",
    );
    const result = await run("redrive", path, "--ledger", "masked", "--masking", rules, "--json");
    expect(result.json()).toMatchObject({ applied: 3 });
    const rows = await run("ledger", "query", "masked", "SELECT * FROM Vehicle");
    expect(rows.stdout).toContain("withheld");
    expect(rows.stdout).not.toContain("v1");
  });

  it.each([
    ["a file that is not there", ["no-such-letters.jsonl"], "no such file"],
    ["a queue that is not there", ["sqs:http://127.0.0.1/000000000000/none"], "the queue"],
  ])("ends with 2 for %s", async (_, [letters], said) => {
    await run("ledger", "create", "unread");
    const result = await run("redrive", letters!, "--ledger", "unread");
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(said);
  });
});
