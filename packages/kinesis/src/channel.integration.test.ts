// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe } from "@jest/globals";
import { decodeEvents } from "@ledger-loader/core";
import {
  createKinesisHandler,
  createQldbStreamHandler,
  decodeQldbStreamRecord,
  type RecordDecoder,
} from "@ledger-loader/kinesis";
import {
  describeChannel,
  drainOverLambda,
  openKinesisChannel,
  startKinesis,
  type ChannelTraits,
  type KinesisDrain,
  type KinesisEmulator,
} from "@ledger-loader/testkit";
import { QLDB_STREAM } from "../test/qldb-channel";
import { aStore, isDrained, removeStores, runUntil } from "../test/run-consumer";

let kinesis: KinesisEmulator;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(async () => {
  await kinesis.close();
  await removeStores();
});

/** Lambda's event source mapping and the handler. */
const overLambda =
  (createHandler: typeof createKinesisHandler): KinesisDrain =>
  (...stream) =>
    drainOverLambda(kinesis, createHandler)(...stream);

/** The consumer, started again whenever it ends with an error. */
const overConsumer =
  (decode: RecordDecoder): KinesisDrain =>
  (streamName, loader, { batchSizeMax, redeliveryDelaySeconds }) => {
    const store = aStore(streamName);
    const { client } = kinesis;
    return async () => {
      const checkpoints = await store;
      const options = { client, streamName, loader, checkpoints, decode, recordsMax: batchSizeMax };
      for (let isDone = false; !isDone;) {
        isDone = await runUntil(options, () => isDrained(client, streamName, checkpoints)).then(
          () => true,
          () => false,
        );
        if (!isDone) await sleep(redeliveryDelaySeconds * 1000);
      }
    };
  };

const PLAIN = { ordersGroups: true, parkedBy: "loader" } as const;
const QLDB = {
  ordersGroups: false,
  parkedBy: "loader",
  textIdsOnly: "a ledger's are",
  deletionsAreFinal: "a ledger gives what is inserted anew another id",
} as const;
/** The consumer keeps aside what failed, and goes on in the shard. */
const holdsUp: ChannelTraits["holdsUp"] = {
  of: "its shard",
  because: "Lambda goes on in a shard only from the record that failed",
};

describe("the Kinesis channel, from the stream to a real ledger", () => {
  describeChannel("over Lambda", { ...PLAIN, holdsUp }, (setup) =>
    openKinesisChannel(kinesis, setup, overLambda(createKinesisHandler)),
  );
  describeChannel("over the consumer", PLAIN, (setup) =>
    openKinesisChannel(kinesis, setup, overConsumer(decodeEvents)),
  );
});

describe("a QLDB stream, its revisions scattered over the shards, to a real ledger", () => {
  describeChannel("over Lambda", { ...QLDB, holdsUp }, (setup) =>
    openKinesisChannel(kinesis, setup, overLambda(createQldbStreamHandler), QLDB_STREAM),
  );
  describeChannel("over the consumer", QLDB, (setup) =>
    openKinesisChannel(kinesis, setup, overConsumer(decodeQldbStreamRecord), QLDB_STREAM),
  );
});
