// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { receiveAll, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { runWords } from "../../test/run-words";

let folder: string;
let file: string;
let sqs: SqsEmulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
  file = join(folder, "events.jsonl");
  const events = [0, 1, 2].map((version) => ({
    op: version === 0 ? "INSERT" : "UPDATE",
    table: "Vehicle",
    id: "a",
    version,
    data: { VIN: "A1", version },
  }));
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  sqs = await startSqs();
});
afterAll(async () => {
  await sqs.close();
  rmSync(folder, { recursive: true, force: true });
});

it("sends every event to a FIFO topic, and says which topic it could not reach", async () => {
  const topic = await sqs.createTopic({ name: "events", fifo: true });
  const queue = await sqs.createQueue({ name: "subscribed", fifo: true });
  await topic.subscribe(queue, { raw: true });
  const env = { AWS_ENDPOINT_URL: sqs.endpoint };
  const result = await runWords(["load", file, "--to", `sns:${topic.arn}`], { env });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain("3 events: 3 sent to the channel");
  const bodies = (await receiveAll(sqs.client, queue.url)).map(({ Body = "" }) => Body);
  expect(bodies.map((body) => /version:(\d)/.exec(body)?.[1])).toEqual(["0", "1", "2"]);
  const nowhere = await runWords(["load", file, "--to", `sns:${topic.arn}x.fifo`], { env });
  expect(nowhere.exitCode).toBe(2);
  expect(nowhere.stderr).toMatch(/^error: .*topic.*NotFound/);
});
