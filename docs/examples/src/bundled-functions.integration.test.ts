// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import {
  aHistory,
  historiesOf,
  readHistories,
  startLambda,
  startLedger,
  type LambdaFunction,
  type TestLedger,
} from "@ledger-loader/testkit";
import { build } from "esbuild";

let folder: string;
let ledger: TestLedger;
let lambda: LambdaFunction | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "function-"));
  ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
});
afterEach(async () => {
  await lambda?.close();
  await ledger.close();
  await rm(folder, { recursive: true });
});

/** Bundles an example into one file and starts it as Lambda does: in a process of its own. */
async function deploy(
  example: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<LambdaFunction> {
  await build({
    entryPoints: [path.join(__dirname, example)],
    outfile: path.join(folder, "index.js"),
    bundle: true,
    platform: "node",
    conditions: ["ws-source"],
    logLevel: "error",
  });
  lambda = await startLambda({
    codeFolder: folder,
    environment: {
      LEDGER_NAME: ledger.name,
      LEDGER_ENDPOINT: ledger.endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
      ...environment,
    },
  });
  return lambda;
}

describe("A function, bundled and run as in Lambda", () => {
  it("loads what EventBridge hands over, and fails for what cannot be loaded", async () => {
    const events = aHistory(["INSERT", "UPDATE", "DELETE"]);
    const running = await deploy("eventbridge-function.ts");
    const envelope = {
      id: "1",
      time: "2026-01-29T12:00:00Z",
      source: "ledger-loader",
      "detail-type": "RevisionEvent",
    };
    const invoke = (event: string) => running.invoke({ ...envelope, detail: { event } });
    for (const event of events) expect(await invoke(encodeEvent(event))).toMatchObject({ status: "ok" });
    expect(await invoke("{op:")).toMatchObject({
      status: "error",
      errorMessage: expect.stringContaining("malformed-event"),
    });
    expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));
  });

  it("loads what DMS has written to a stream, and names the first record that failed, or parks it", async () => {
    const mapping = [{ "source-table": "vehicle", "target-table": "Vehicle", "id-field": "id" }];
    await writeFile(path.join(folder, "dms-mapping.json"), JSON.stringify(mapping));
    const running = await deploy("dms-function.ts", { DMS_SOURCE_ENGINE: "mysql" });
    const bodies = [
      dmsRecord("load", { id: 1, color: "red" }),
      dmsRecord("update", { id: 1, color: "blue" }, 597),
    ];
    const truncate = `{"metadata":{"record-type":"control","operation":"truncate-table","table-name":"vehicle"}}`;
    expect(await running.invoke(batch([...bodies, ...bodies]))).toEqual({
      status: "ok",
      payload: { batchItemFailures: [] },
    });
    expect(await running.invoke(batch([...bodies, truncate]))).toEqual({
      status: "ok",
      payload: { batchItemFailures: [{ itemIdentifier: "2" }] },
    });
    await running.close();
    const letters = path.join(folder, "letters.jsonl");
    const parking = await deploy("dms-function.ts", {
      DMS_SOURCE_ENGINE: "mysql",
      DEAD_LETTERS: `file:${letters}`,
    });
    expect(await parking.invoke(batch([truncate, ...bodies]))).toEqual({
      status: "ok",
      payload: { batchItemFailures: [] },
    });
    expect(await readFile(letters, "utf8")).toContain("unsupported-operation");
    const histories = await readHistories(ledger.connect(), "Vehicle");
    expect([...histories.values()]).toEqual([[`{id:1,color:"red"}`, `{id:1,color:"blue"}`]]);
  });
});

function dmsRecord(operation: string, data: object, offset?: number): string {
  const metadata = {
    "record-type": "data",
    operation,
    "schema-name": "fleet",
    "table-name": "vehicle",
    ...(offset !== undefined && { "stream-position": `mysql-bin-changelog.000036:${offset}` }),
  };
  return JSON.stringify({ data, metadata });
}

function batch(bodies: readonly string[]): object {
  return {
    Records: bodies.map((body, i) => ({
      eventID: `shardId-000000000000:${i}`,
      kinesis: {
        sequenceNumber: String(i),
        data: Buffer.from(body).toString("base64"),
        approximateArrivalTimestamp: 1_722_214_697,
        partitionKey: "fleet.vehicle",
      },
    })),
  };
}
