// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { encodeEvent } from "@ledger-loader/core";
import { aggregate } from "@ledger-loader/kpl";
import {
  aHistory,
  describeWhen,
  LAMBDA_EVENTS,
  peerAvailability,
  startMoto,
  type MotoServer,
} from "@ledger-loader/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

const BUCKET = "given-up";

/** The fields that Lambda writes next to the event; source: its developer guide, "Retain discarded batch records". */
const RECORD = {
  requestContext: {
    requestId: "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:loader",
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 1,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2026-11-14T00:38:06.021Z",
};

/** A batch of a data stream with these bytes. */
function aBatch(...data: readonly (string | Uint8Array)[]): object {
  const Records = data.map((bytes, i) => ({
    eventID: `shardId-000000000006:${i}`,
    eventSource: "aws:kinesis",
    kinesis: {
      sequenceNumber: String(i),
      data: Buffer.from(bytes).toString("base64"),
      approximateArrivalTimestamp: 1_763_690_000,
    },
  }));
  return { ...RECORD, payload: JSON.stringify({ Records }) };
}

describeWhen(peerAvailability("moto"), describe)("records that Lambda gave up to a bucket", () => {
  let folder: string;
  let server: ServedLedgers;
  let moto: MotoServer;
  let client: S3Client;
  let ledgers = 0;
  let ledger: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-given-up-"));
    [server, moto] = await Promise.all([serve(join(folder, "data")), startMoto()]);
    client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  beforeEach(async () => {
    ledgers += 1;
    ledger = `cars${ledgers}`;
    await run("ledger", "create", ledger);
  });
  afterAll(async () => {
    client.destroy();
    await Promise.all([server.stop(), moto.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...words: readonly string[]) => runWithEnv({}, ...words);

  async function runWithEnv(
    more: Readonly<Record<string, string>>,
    ...words: readonly string[]
  ): Promise<Record<string, unknown>> {
    const env = { ...server.env, AWS_ENDPOINT_URL_S3: moto.endpoint, ...more };
    const result = await runWords([...words, "--json"], { env });
    return { exitCode: result.exitCode, ...result.json() };
  }

  const redrive = (...more: readonly string[]) =>
    run("redrive", `s3://${BUCKET}/${ledger}/`, "--ledger", ledger, ...more);

  async function put(name: string, body: unknown): Promise<void> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${ledger}/${name}`, Body: text }));
  }

  async function keys(): Promise<readonly (string | undefined)[]> {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${ledger}/` }),
    );
    return Contents.map(({ Key }) => Key);
  }

  const eventOf = (name: string) => LAMBDA_EVENTS.find((each) => each.name === name)!;

  it.each([
    ["kinesis-events", []],
    ["kinesis", ["--channel", "qldb-stream"]],
    ["kafka", []],
    ["dynamodb", []],
    ["dynamodb-kinesis", ["--channel", "dynamodb-kinesis"]],
  ])("are applied and deleted: %s", async (name, more) => {
    const { toEvent, environment } = eventOf(name);
    await put("one", { ...RECORD, payload: JSON.stringify(toEvent("Vehicle")) });
    const words = ["redrive", `s3://${BUCKET}/${ledger}/`, "--ledger", ledger, ...more];
    const report = await runWithEnv(environment?.("Vehicle") ?? {}, ...words);
    expect(report).toMatchObject({ exitCode: 0, letters: 1, applied: 1, written: 1 });
    expect(await keys()).toEqual([]);
  });

  it.each(["sns", "eventbridge"])("are applied where a function was invoked by %s", async (name) => {
    await put("one", { ...RECORD, requestPayload: eventOf(name).toEvent("Vehicle") });
    expect(await redrive()).toMatchObject({ exitCode: 0, applied: 1, written: 1 });
  });

  it("are taken out of an aggregate, in the order of their versions, whatever the order of objects", async () => {
    const [first, ...later] = aHistory(["INSERT", "UPDATE", "UPDATE"]).map((event) =>
      Buffer.from(encodeEvent(event)),
    );
    const [record] = aggregate(later.map((data) => ({ partitionKey: "car", data })));
    await put("a", aBatch(record!.data));
    await put("b", aBatch(first!));
    expect(await redrive()).toMatchObject({ exitCode: 0, letters: 3, applied: 3, written: 3 });
    expect(await keys()).toEqual([]);
  });

  it("stay in their object, those that cannot be applied and no other", async () => {
    const [good] = aHistory(["INSERT"]).map((event) => encodeEvent(event));
    await put("one", aBatch("{op:", good!, "no event"));
    await put("other", "notes of somebody");
    const dry = await redrive("--dry-run");
    expect(dry).toMatchObject({ exitCode: 1, letters: 4, applied: 1, kept: 2, unreadable: 1 });
    expect(await redrive()).toMatchObject({ exitCode: 1, letters: 4, applied: 1, kept: 2, unreadable: 1 });
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${ledger}/one` }));
    expect(JSON.parse((await body?.transformToString()) ?? "")).toEqual({
      ...aBatch(),
      payload: expect.not.stringContaining(Buffer.from(good!).toString("base64")),
    });
    expect(await redrive()).toMatchObject({ exitCode: 1, letters: 3, applied: 0, kept: 2, unreadable: 1 });
  });

  it("are not looked for in a bucket that is missing", async () => {
    const report = await run("redrive", "s3://no-such-bucket/x", "--ledger", ledger);
    expect(report).toMatchObject({ exitCode: 2, error: { code: "BUCKET_REFUSED" } });
  });
});
