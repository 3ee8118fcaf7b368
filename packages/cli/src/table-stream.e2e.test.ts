// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  waitUntilTableExists,
  type AttributeValue,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import {
  aHistory,
  describeWhen,
  peerAvailability,
  startDynamoDb,
  startKinesis,
  type DynamoDbLocal,
  type KinesisEmulator,
} from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";
import { watchWorker } from "../test/watch-worker";

let folder: string;
let server: ServedLedgers;
let dynamo: DynamoDbLocal;

async function aTable(TableName: string, view: StreamViewType = "NEW_AND_OLD_IMAGES"): Promise<string> {
  const { TableDescription } = await dynamo.client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: view },
    }),
  );
  const wait = { client: dynamo.client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 };
  await waitUntilTableExists(wait, { TableName });
  return TableDescription!.LatestStreamArn!;
}

const put = (TableName: string, Item: Record<string, AttributeValue>) =>
  dynamo.client.send(new PutItemCommand({ TableName, Item }));

const env = (more: Record<string, string> = {}) => ({
  ...server.env,
  AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
  AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamo.endpoint,
  ...more,
});
const run = (...words: string[]): Promise<CliResult> => runWords(words, { env: env() });

/** The lease of a stream's one shard, as a file of checkpoints holds it. */
function checkpointOf(file: string): { readonly shardId: string; readonly checkpoint?: string } | undefined {
  const { leases } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
    readonly leases: readonly { readonly shardId: string; readonly checkpoint?: string }[];
  };
  return leases[0];
}

async function rows(ledger: string, query: string): Promise<string> {
  return (await run("ledger", "query", ledger, query)).stdout;
}

describeWhen(peerAvailability("dynamodb-local"), describe)("consume dynamodb:", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-table-"));
    server = await serve(join(folder, "data"));
    dynamo = await startDynamoDb();
  });
  afterAll(async () => {
    await dynamo.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loads the changes of a table's items, as the options map them, and goes on where it was", async () => {
    const arn = await aTable("Song");
    await put("Song", { id: { S: "ring" }, tags: { SS: ["b", "a"] } });
    await put("Song", { id: { S: "gone" } });
    await run("ledger", "create", "music");
    const words = ["consume", `dynamodb:${arn}`, "--ledger", "music", "--until-idle", "1", "--json"];
    const options = [
      "--table",
      "Track",
      "--sets",
      "plain",
      "--checkpoints",
      join(folder, "song.checkpoints"),
    ];
    const first = await run(...words, ...options);
    expect(first.stderr).not.toContain("error");
    expect(first.json()).toMatchObject({ deliveries: 2, written: 2, skipped: {}, parked: 0, handedBack: 0 });
    await dynamo.client.send(new DeleteItemCommand({ TableName: "Song", Key: { id: { S: "gone" } } }));
    // Its page shows who reads the shard, how far, and what came of it.
    const before = checkpointOf("song.checkpoints")?.checkpoint;
    const worker = await watchWorker([...words.slice(0, 4), ...options], env());
    await worker.shown({ loaded: 1 });
    // A checkpoint follows what was loaded; until then the page shows that of the run before.
    let [shard, ...others] = await worker.shards();
    while (shard?.["position"] === before) {
      await sleep(20);
      [shard, ...others] = await worker.shards();
    }
    const second = await worker.stop();
    expect(second.json()).toMatchObject({ deliveries: 1, written: 1, skipped: {} });
    expect(second.exitCode).toBe(0);
    expect(others).toEqual([]);
    expect(shard).toMatchObject({ reader: "this", hasEnded: false, waiting: 0, lagMs: expect.any(Number) });
    expect([shard?.["shardId"], shard?.["position"]]).toEqual([
      checkpointOf("song.checkpoints")?.shardId,
      checkpointOf("song.checkpoints")?.checkpoint,
    ]);
    const found = await rows("music", "SELECT id, tags FROM Track");
    expect(found).toContain('"ring"');
    expect(found).toContain('["a","b"]');
    expect(found).not.toContain('"gone"');
  });

  it("keeps the checkpoints of each ledger and group apart in one table", async () => {
    const arn = await aTable("Person");
    await put("Person", { id: { S: "jane" } });
    const words = [
      "consume",
      `dynamodb:${arn}`,
      "--until-idle",
      "1",
      "--json",
      "--checkpoints",
      "dynamodb:checkpoints",
    ];
    for (const name of ["people", "copy"]) {
      await run("ledger", "create", name);
      expect((await run(...words, "--ledger", name)).json()).toMatchObject({ written: 1 });
    }
    expect((await run(...words, "--ledger", "people")).json()).toMatchObject({ deliveries: 0 });
    const others = await run(...words, "--ledger", "people", "--group", "others");
    expect(others.json()).toMatchObject({ written: 0, skipped: { "already-applied": 1 } });
    const { Items } = await dynamo.client.send(new ScanCommand({ TableName: "checkpoints" }));
    expect(Items).toHaveLength(3);
  });

  it("tries in vain what it cannot apply, parks nothing without dead letters, and ends all the same", async () => {
    const arn = await aTable("Outbox", "NEW_IMAGE");
    await put("Outbox", { id: { S: "1" }, event: { S: "{op:" } });
    await run("ledger", "create", "outbox");
    const places = ["--checkpoints", join(folder, "outbox.checkpoints"), "--event-attribute", "event"];
    const words = [
      "consume",
      `dynamodb:${arn}`,
      "--ledger",
      "outbox",
      "--until-idle",
      "1",
      "--json",
      ...places,
    ];
    const result = await run(...words);
    expect(result.json()).toMatchObject({ written: 0, parked: 0, handedBack: 1 });
    expect(result.exitCode).toBe(1);
    const parked = await run(...words, "--dead-letters", join(folder, "outbox.letters"));
    expect(parked.json()).toMatchObject({ parked: 1, handedBack: 0 });
  });

  it("says what it expects of options, stream and table", async () => {
    const arn = await aTable("Keys", "KEYS_ONLY");
    const words = ["consume", `dynamodb:${arn}`, "--ledger", "music", "--until-idle", "1"];
    const file = ["--checkpoints", join(folder, "keys.checkpoints")];
    const missing = arn.replace("Keys", "None");
    for (const [given, said] of [
      [words, "expected --checkpoints FILE or --checkpoints dynamodb:TABLE"],
      [[...words, "--checkpoints", "dynamodb:?"], 'with a table\'s name, found "dynamodb:?"'],
      [
        [...words, ...file, "--expiry", "archive"],
        "DYNAMODB_EXPIRY: expected delete, ignore or archive:TABLE",
      ],
      [[...words, ...file, "--table", "a b"], "DYNAMODB_TABLES: expected"],
      [[...words, ...file, "--modify-as", "INSERT"], "UPDATE, ANY"],
      [[...words, ...file], "[DYNAMODB_STREAM_VIEW_TYPE]"],
      [["consume", `dynamodb:${missing}`, ...words.slice(2), ...file], "[STREAM_REFUSED]"],
    ] as const) {
      const result = await run(...given);
      expect([result.exitCode, result.stderr]).toEqual([2, expect.stringContaining(said)]);
      expect(result.stderr).not.toContain("[BUG]");
    }
  });
});

describeWhen(peerAvailability("dynamodb-local"), describe)(
  "consume kinesis: with checkpoints in a table",
  () => {
    let kinesis: KinesisEmulator;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "cli-shared-"));
      server = await serve(join(folder, "data"));
      dynamo = await startDynamoDb();
      kinesis = await startKinesis();
    });
    afterAll(async () => {
      await kinesis.close();
      await dynamo.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it("shares the shards between processes of several machines, and counts each event once", async () => {
      await kinesis.createStream("events", 4);
      await run("ledger", "create", "shared");
      const events = Array.from({ length: 40 }, (_, n) =>
        aHistory(["INSERT", "UPDATE"], { id: `v${n}` }),
      ).flat();
      const stdin = events.map((event) => `${encodeEvent(event)}\n`).join("");
      const here = env({ AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint });
      const words = ["consume", "kinesis:events", "--ledger", "shared", "--until-idle", "2", "--json"];
      const places = ["--checkpoints", "dynamodb:kinesis-checkpoints", "--lease", "1"];
      const consumers = [1, 2].map(() => runWords([...words, ...places], { env: here }));
      const owners = async () => {
        const found = await dynamo.client
          .send(new ScanCommand({ TableName: "kinesis-checkpoints" }))
          .catch(() => undefined);
        return new Set(found?.Items?.map(({ owner }) => owner?.S));
      };
      while ((await owners()).size < 2) await sleep(50);
      await runWords(["load", "-", "--to", "kinesis:events"], { env: here, stdin });
      const reports = (await Promise.all(consumers)).map((result) => result.json() as { written: number });
      expect(reports.map(({ written }) => written).reduce((a, b) => a + b)).toBe(events.length);
      expect(await owners()).toEqual(new Set([undefined]));
    });
  },
);
