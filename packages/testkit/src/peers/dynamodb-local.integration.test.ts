// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import { describeWhen, peerAvailability, startDynamoDb, type DynamoDbLocal } from "@ledger-loader/testkit";

describeWhen(peerAvailability("dynamodb-local"), describe)("Amazon DynamoDB Local", () => {
  let dynamo: DynamoDbLocal;
  beforeAll(async () => {
    dynamo = await startDynamoDb();
  });
  afterAll(async () => {
    await dynamo.close();
  });

  async function aTable(TableName: string, view: StreamViewType): Promise<string> {
    const { TableDescription } = await dynamo.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: view },
      }),
    );
    await waitUntilTableExists(
      { client: dynamo.client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 },
      { TableName },
    );
    return TableDescription!.LatestStreamArn!;
  }

  async function read(StreamArn: string, count: number): Promise<_Record[]> {
    const { StreamDescription } = await dynamo.streams.send(new DescribeStreamCommand({ StreamArn }));
    const records: _Record[] = [];
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const { ShardIterator } = await dynamo.streams.send(
        new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
      );
      let iterator = ShardIterator;
      for (let i = 0; iterator !== undefined && records.length < count && i < 50; i++) {
        const page = await dynamo.streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
        records.push(...(page.Records ?? []));
        iterator = page.NextShardIterator;
      }
    }
    return records;
  }

  /** Puts an item, changes it, changes nothing, removes it. */
  async function live(TableName: string): Promise<void> {
    const id = { S: "1" };
    await dynamo.client.send(
      new PutItemCommand({
        TableName,
        Item: { id, n: { N: "12345678901234567890.5" }, b: { B: Buffer.from("x") }, s: { SS: ["p", "q"] } },
      }),
    );
    const set = {
      TableName,
      Key: { id },
      UpdateExpression: "SET n = :n",
      ExpressionAttributeValues: { ":n": { N: "2" } },
    };
    await dynamo.client.send(new UpdateItemCommand(set));
    await dynamo.client.send(new UpdateItemCommand(set));
    await dynamo.client.send(new DeleteItemCommand({ TableName, Key: { id } }));
  }

  it("streams INSERT, MODIFY and REMOVE in order with both images, and nothing for an update that changes nothing", async () => {
    const arn = await aTable("both", "NEW_AND_OLD_IMAGES");
    await live("both");
    const records = await read(arn, 3);
    expect(records.map((record) => record.eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(records[0]?.dynamodb?.NewImage).toEqual({
      id: { S: "1" },
      n: { N: "12345678901234567890.5" },
      b: { B: Uint8Array.from([0x78]) },
      s: { SS: ["p", "q"] },
    });
    expect(records[0]?.dynamodb?.OldImage).toBeUndefined();
    expect(records[1]?.dynamodb?.NewImage?.["n"]).toEqual({ N: "2" });
    expect(records[2]?.dynamodb?.OldImage?.["n"]).toEqual({ N: "2" });
    expect(records[2]?.dynamodb?.NewImage).toBeUndefined();
    const numbers = records.map((record) => BigInt(record.dynamodb!.SequenceNumber!));
    expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  });

  it.each([
    ["KEYS_ONLY", false, false],
    ["NEW_IMAGE", true, false],
    ["OLD_IMAGE", false, true],
  ] as const)("gives with view type %s a new image: %s, an old one: %s", async (view, hasNew, hasOld) => {
    const arn = await aTable(view, view);
    await live(view);
    const [, modified] = await read(arn, 3);
    expect(modified?.dynamodb?.StreamViewType).toBe(view);
    expect(modified?.dynamodb?.NewImage !== undefined).toBe(hasNew);
    expect(modified?.dynamodb?.OldImage !== undefined).toBe(hasOld);
  });

  it("resumes after a sequence number", async () => {
    const arn = await aTable("resume", "NEW_IMAGE");
    await live("resume");
    const [first] = await read(arn, 3);
    const { StreamDescription } = await dynamo.streams.send(new DescribeStreamCommand({ StreamArn: arn }));
    const { ShardIterator } = await dynamo.streams.send(
      new GetShardIteratorCommand({
        StreamArn: arn,
        ShardId: StreamDescription?.Shards?.[0]?.ShardId,
        ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
        SequenceNumber: first?.dynamodb?.SequenceNumber,
      }),
    );
    const { Records } = await dynamo.streams.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map((record) => record.eventName)).toEqual(["MODIFY", "REMOVE"]);
  });

  it("refuses a conditional write whose condition does not hold", async () => {
    await aTable("conditional", "KEYS_ONLY");
    const put = (version: number) =>
      dynamo.client.send(
        new PutItemCommand({
          TableName: "conditional",
          Item: { id: { S: "1" }, version: { N: String(version) } },
          ConditionExpression: "attribute_not_exists(id) OR version < :v",
          ExpressionAttributeValues: { ":v": { N: String(version) } },
        }),
      );
    await put(3);
    await expect(put(2)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    await expect(put(4)).resolves.toBeDefined();
  });

  it("removes expired items as the service's own user", async () => {
    const arn = await aTable("expiring", "NEW_AND_OLD_IMAGES");
    await dynamo.client.send(
      new UpdateTimeToLiveCommand({
        TableName: "expiring",
        TimeToLiveSpecification: { AttributeName: "until", Enabled: true },
      }),
    );
    const until = { N: String(Math.floor(Date.now() / 1000) - 60) };
    await dynamo.client.send(new PutItemCommand({ TableName: "expiring", Item: { id: { S: "1" }, until } }));
    const deadline = Date.now() + 40_000;
    let records = await read(arn, 2);
    while (records.length < 2 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      records = await read(arn, 2);
    }
    expect(records[1]).toMatchObject({
      eventName: "REMOVE",
      userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" },
    });
  });
});
