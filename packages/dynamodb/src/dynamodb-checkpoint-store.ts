// SPDX-License-Identifier: MIT
import {
  CreateTableCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  waitUntilTableExists,
  type AttributeValue,
  type ConditionalCheckFailedException,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import {
  type AwsClient,
  type CheckpointStore,
  type ShardLease,
  isAwsError,
  isSameLease,
  isTransient,
} from "@ledger-loader/core";
import { CheckpointTableError } from "./stream-errors";

/** Where leases and checkpoints are kept. */
export interface DynamoDbCheckpointStoreOptions {
  readonly client: AwsClient;
  /** The table; it is made, on demand, if it is not there. Several streams and applications may use one. */
  readonly tableName: string;
  /**
   * Whose checkpoints these are: the application and the stream. Consumers share the shards if it is the same, so two that
   * write to different ledgers MUST differ in it.
   */
  readonly reader: string;
}

/** How long a new table may take. */
const CREATION_SECONDS = 120;
const NAMES = { "#owner": "owner", "#counter": "counter" };

type Item = Record<string, AttributeValue>;

/**
 * Keeps leases and checkpoints in a DynamoDB table, for consumers on several machines, as the Kinesis Client Library does:
 * every change is a conditional write upon the owner and counter that were read, so one that lost its lease can write no
 * checkpoint. It serves the consumers of Kinesis as well as those of DynamoDB Streams.
 *
 * An item is a shard: key `reader` and `shardId`, with `owner`, `counter` and `checkpoint`. Needs `dynamodb:Query`, `PutItem` and
 * `DeleteItem`, and `CreateTable` and `DescribeTable` if the table is not there. Methods throw CheckpointTableError.
 */
export class DynamoDbCheckpointStore implements CheckpointStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #reader: string;

  constructor({ client, tableName, reader }: DynamoDbCheckpointStoreOptions) {
    this.#client = client as DynamoDBClient;
    this.#tableName = tableName;
    this.#reader = reader;
  }

  async read(): Promise<readonly ShardLease[]> {
    try {
      return await this.#query();
    } catch (error) {
      if (!isAwsError(error, "ResourceNotFoundException")) throw this.#explain(error);
    }
    await this.#create();
    return [];
  }

  async replace(previous: ShardLease | undefined, next: ShardLease): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: this.#tableName,
      Item: { ...this.#key(next), ...toAttributes(next) },
      ...conditionOf(previous),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    try {
      await this.#client.send(put);
      return true;
    } catch (error) {
      if (!isAwsError(error, "ConditionalCheckFailedException")) throw this.#explain(error);
      // The answer to a write was lost and the SDK wrote again: what the write was to leave behind is there.
      const { Item } = error as ConditionalCheckFailedException;
      return Item !== undefined && isWhatWasWritten(toLease(Item), next);
    }
  }

  async remove(lease: ShardLease): Promise<void> {
    const remove = new DeleteItemCommand({
      TableName: this.#tableName,
      Key: this.#key(lease),
      ...conditionOf(lease),
    });
    try {
      await this.#client.send(remove);
    } catch (error) {
      if (!isAwsError(error, "ConditionalCheckFailedException")) throw this.#explain(error);
    }
  }

  async #query(): Promise<readonly ShardLease[]> {
    const leases: ShardLease[] = [];
    let after: Item | undefined;
    do {
      const page = await this.#client.send(this.#queryAfter(after));
      leases.push(...(page.Items ?? []).map(toLease));
      after = page.LastEvaluatedKey;
    } while (after !== undefined);
    return leases;
  }

  #queryAfter(after: Item | undefined): QueryCommand {
    return new QueryCommand({
      TableName: this.#tableName,
      KeyConditionExpression: "#reader = :reader",
      ExpressionAttributeNames: { "#reader": "reader" },
      ExpressionAttributeValues: { ":reader": { S: this.#reader } },
      // What was written a moment ago decides who reads what.
      ConsistentRead: true,
      ExclusiveStartKey: after,
    });
  }

  async #create(): Promise<void> {
    const create = new CreateTableCommand({
      TableName: this.#tableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "reader", KeyType: "HASH" },
        { AttributeName: "shardId", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "reader", AttributeType: "S" },
        { AttributeName: "shardId", AttributeType: "S" },
      ],
    });
    try {
      await this.#client.send(create).catch((error: unknown) => {
        // Another consumer was first.
        if (!isAwsError(error, "ResourceInUseException")) throw error;
      });
      const wait = { client: this.#client, maxWaitTime: CREATION_SECONDS, minDelay: 0.5, maxDelay: 5 };
      await waitUntilTableExists(wait, { TableName: this.#tableName });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #key({ shardId }: ShardLease): Item {
    return { reader: { S: this.#reader }, shardId: { S: shardId } };
  }

  #explain(error: unknown): CheckpointTableError {
    return new CheckpointTableError(this.#tableName, error, isTransient(error));
  }
}

/** Holds if what is stored is this lease: same owner, same counter. */
function conditionOf(
  previous: ShardLease | undefined,
): Pick<
  PutItemCommand["input"],
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
> {
  if (previous === undefined) return { ConditionExpression: "attribute_not_exists(shardId)" };
  const { owner, counter } = previous;
  const isOwner = owner === undefined ? "attribute_not_exists(#owner)" : "#owner = :owner";
  return {
    ConditionExpression: `#counter = :counter AND ${isOwner}`,
    ExpressionAttributeNames: NAMES,
    ExpressionAttributeValues: {
      ":counter": { N: String(counter) },
      ...(owner === undefined ? {} : { ":owner": { S: owner } }),
    },
  };
}

function toAttributes({ owner, counter, checkpoint }: ShardLease): Item {
  return {
    counter: { N: String(counter) },
    ...(owner === undefined ? {} : { owner: { S: owner } }),
    ...(checkpoint === undefined ? {} : { checkpoint: { S: checkpoint } }),
  };
}

function toLease({ shardId, owner, counter, checkpoint }: Item): ShardLease {
  return {
    shardId: shardId?.S ?? "",
    counter: Number(counter?.N),
    owner: owner?.S,
    checkpoint: checkpoint?.S,
  };
}

/** Nobody else writes the same owner, counter and checkpoint: an owner is a run of one consumer, and its counter only goes up. */
function isWhatWasWritten(found: ShardLease, next: ShardLease): boolean {
  return isSameLease(found, next) && found.checkpoint === next.checkpoint;
}
