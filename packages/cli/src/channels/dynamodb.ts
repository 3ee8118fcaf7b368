// SPDX-License-Identifier: MIT
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { silentLogger } from "@ledger-loader/core";
import { awsClientConfig, withAwsClient } from "./aws-client";
import type { Channel, LetterAccess, SourceAccess, SourceOptions } from "./channel";
import { leaseFrom, withCheckpoints } from "./checkpoint-place";
import { Reachability } from "./reachability";
import { StreamRefusedError } from "../cli-errors";
import { setting } from "../ledger/connection";
import { itemMapping } from "../options/item-options";
import type { Terminal } from "../output/terminal";

const source: SourceAccess = {
  mapsByItself: true,
  form: "STREAM-ARN",
  accepts: (name) => /^arn:[^:]+:dynamodb:[^:]+:\d*:table\/[^/]+\/stream\/.+/.test(name),
  example: "arn:aws:dynamodb:eu-west-1:123456789012:table/Vehicle/stream/2026-01-01T00:00:00.000",
  options: [
    "checkpoints",
    "lease",
    "table",
    "modifyAs",
    "expiry",
    "sets",
    "epoch",
    "eventAttribute",
    "onTrimmed",
  ],
  // A table's stream is in order: what is missing does not come later. Events in an outbox may be in any shard.
  defaults: (env, options) => (isOutbox(env, options) ? {} : { PARK_WAIT_MS: "0" }),
  channelOf: () => "dynamodb",
  withConsumer(streamArn, { env, options, loader, logger }, work) {
    const reachability = new Reachability();
    return withCheckpoints(env, `dynamodb:${streamArn}`, options, (checkpoints) =>
      withTableStream(env, streamArn, options.region, async (client) => {
        const { createDynamoDbConsumer } = await import("@ledger-loader/dynamodb");
        reachability.watch(client);
        const consumer = createDynamoDbConsumer({
          client,
          streamArn,
          loader,
          checkpoints,
          ...(await itemMapping(env, options, streamArn, logger)),
          ...leaseFrom(options),
        });
        return work(consumer, reachability);
      }),
    );
  },
};

function isOutbox(env: Terminal["env"], { eventAttribute }: SourceOptions): boolean {
  return (eventAttribute ?? setting(env, "DYNAMODB_EVENT_ATTRIBUTE")) !== undefined;
}

/** Letters of items, read as the function's settings say. */
function mapped(decode: "decodeDynamoDbRecord" | "decodeDynamoDbKinesisRecord"): LetterAccess {
  return {
    async openDecoder(environment) {
      const adapter = await import("@ledger-loader/dynamodb");
      const options = adapter.readDynamoDbOptions(environment, silentLogger);
      return (body) => adapter[decode](body, options);
    },
  };
}

/** The streams of DynamoDB's tables; letters also come of Kinesis data streams that carry them. */
export const dynamodb: Channel = {
  source,
  letters: {
    dynamodb: mapped("decodeDynamoDbRecord"),
    "dynamodb-kinesis": mapped("decodeDynamoDbKinesisRecord"),
  },
};

/** Runs `work` with a client for the stream of a DynamoDB table, of AWS or of DynamoDB Local, and ends the client. */
async function withTableStream<T>(
  env: Terminal["env"],
  streamArn: string,
  region: string | undefined,
  work: (client: DynamoDBStreamsClient) => Promise<T>,
): Promise<T> {
  // A stream is read in its own region only. DynamoDB Local names none: its data are those of the region that is asked for.
  const own = streamArn.split(":")[3];
  const config = awsClientConfig(env, "DYNAMODB_STREAMS", own === "ddblocal" ? region : own);
  const sdk = await import("@aws-sdk/client-dynamodb-streams");
  const client = new sdk.DynamoDBStreamsClient(config);
  const what = `use the stream ${streamArn}`;
  return withAwsClient(client, StreamRefusedError, { what, check: "its ARN, AWS_ENDPOINT_URL" }, work);
}
