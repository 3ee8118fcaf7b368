// SPDX-License-Identifier: MIT
import { GetRecordsCommand, TrimmedDataAccessException } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect, it } from "@jest/globals";
import { createDynamoDbConsumer, type DynamoDbConsumerOptions } from "@ledger-loader/dynamodb";
import { seededRandom } from "@ledger-loader/testkit";
import { MemoryCheckpoints } from "../test/memory-checkpoints";
import { RecordingLoader } from "../test/recording-loader";
import { STREAM_ARN, StreamStandIn } from "../test/stream-stand-in";
import { toLambdaRecord } from "./lambda-record";

const QUICK = { pollIntervalMs: 1, shardIntervalMs: 5, retryDelayMs: 1, batchSizeMax: 5 };

/** A loader that keeps what it was given, of all calls, and may stop the consumer. */
class KeepingLoader extends RecordingLoader {
  readonly seen: string[] = [];
  onLoad: () => void = () => undefined;

  override load(...[deliveries, options]: Parameters<RecordingLoader["load"]>) {
    this.seen.push(...deliveries.map(({ deliveryId }) => deliveryId));
    this.onLoad();
    return super.load(deliveries, options);
  }
}

function make(stream: StreamStandIn, options: Partial<DynamoDbConsumerOptions> = {}) {
  const loader = new KeepingLoader();
  const checkpoints = new MemoryCheckpoints();
  const consumer = createDynamoDbConsumer({
    ...QUICK,
    client: stream.client,
    streamArn: STREAM_ARN,
    loader,
    checkpoints,
    ...options,
  });
  return { loader, checkpoints, consumer };
}

const never = () => new AbortController().signal;
const aStream = () => new StreamStandIn(seededRandom(1));

describe("createDynamoDbConsumer", () => {
  it("finishes what is under way when it is told to stop, and keeps the checkpoint", async () => {
    const stream = aStream();
    const numbers = ["p0", "p0"].map((id) => stream.put(id, "INSERT", 1));
    const stop = new AbortController();
    const { loader, checkpoints, consumer } = make(stream);
    loader.onLoad = () => {
      if (loader.seen.length === 2) stop.abort();
    };
    await consumer.run(stop.signal);
    expect([...checkpoints.shards.values()]).toEqual([numbers[1]]);
  });

  it("does nothing when it is told to stop before it begins", async () => {
    const { loader, consumer } = make(aStream());
    await consumer.run(AbortSignal.abort());
    expect(loader.seen).toEqual([]);
  });

  it("reads on in other shards while one is held up, and comes back to the record that failed", async () => {
    const stream = aStream();
    const [held, behind] = [stream.put("p0", "INSERT", 1), stream.put("p0", "MODIFY", 2)];
    const other = stream.put("p1", "INSERT", 1);
    stream.disable();
    const failing = new RecordingLoader(held);
    const stop = new AbortController();
    let heldTimes = 0;
    const { checkpoints, consumer } = make(stream, {
      loader: {
        load: (deliveries, options) => {
          if (deliveries.some(({ deliveryId }) => deliveryId === held) && ++heldTimes === 3) stop.abort();
          return failing.load(deliveries, options);
        },
        close: () => Promise.resolve(),
      },
    });
    await consumer.run(stop.signal);
    expect(heldTimes).toBeGreaterThanOrEqual(3);
    expect([...checkpoints.shards.values()]).not.toContain(behind);
    expect(["SHARD_END", other]).toContain([...checkpoints.shards.values()][0]);
  });

  it("says that changes are lost when its checkpoint is older than the stream", async () => {
    const stream = aStream();
    const [first] = ["p0", "p0", "p0"].map((id) => stream.put(id, "MODIFY", 1));
    stream.disable();
    stream.trim(0, 2);
    const checkpoints = new MemoryCheckpoints();
    await checkpoints.write("shardId-00000000000000000000-00000000", first!);
    await expect(make(stream, { checkpoints }).consumer.run(never())).rejects.toMatchObject({
      code: "DYNAMODB_STREAM_TRIMMED",
      shardId: "shardId-00000000000000000000-00000000",
    });
    const { loader, consumer } = make(stream, { checkpoints, onTrimmed: "continue" });
    await consumer.run(never());
    expect(loader.seen).toHaveLength(1);
  });

  it("says so when the first records are gone before they are read", async () => {
    const stream = aStream();
    for (const n of [1, 2, 3]) stream.put("p0", "MODIFY", n);
    stream.disable();
    // Between the iterator and its use, as records have an age and iterators have one, too.
    const client = (): DynamoDbConsumerOptions["client"] => {
      let isTrimmed = false;
      const send = (command: unknown) => {
        if (!(command instanceof GetRecordsCommand) || isTrimmed) return stream.client.send(command as never);
        isTrimmed = true;
        stream.trim(0, 2);
        return Promise.reject(
          new TrimmedDataAccessException({ message: "older than 24 hours", $metadata: {} }),
        );
      };
      return { send };
    };
    await expect(make(stream, { client: client() }).consumer.run(never())).rejects.toMatchObject({
      code: "DYNAMODB_STREAM_TRIMMED",
    });
    const { loader, consumer } = make(stream, { client: client(), onTrimmed: "continue" });
    await consumer.run(never());
    expect(loader.seen).toHaveLength(1);
  });

  it("says so too when the shard that it was reading is gone", async () => {
    const stream = aStream();
    stream.disable();
    const checkpoints = new MemoryCheckpoints();
    await checkpoints.write("shardId-gone", "100");
    await expect(make(stream, { checkpoints }).consumer.run(never())).rejects.toMatchObject({
      shardId: "shardId-gone",
    });
    await make(stream, { checkpoints, onTrimmed: "continue" }).consumer.run(never());
    expect(checkpoints.shards.has("shardId-gone")).toBe(false);
  });

  it("throws what does not pass, such as missing rights, and stops all shards", async () => {
    const refusal = Object.assign(new Error("no"), { name: "AccessDeniedException", $fault: "client" });
    const client = { send: () => Promise.reject(refusal) } as unknown as DynamoDbConsumerOptions["client"];
    await expect(make(aStream(), { client }).consumer.run(never())).rejects.toBe(refusal);
  });
});

describe("toLambdaRecord", () => {
  it("writes a record of the API as Lambda would, binaries in base64", () => {
    const b = Buffer.from("x");
    const record = toLambdaRecord(
      {
        eventID: "1",
        eventName: "REMOVE",
        userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" },
        dynamodb: {
          ApproximateCreationDateTime: new Date(1_767_225_600_000),
          Keys: { id: { B: b } },
          OldImage: { id: { B: b }, l: { L: [{ BS: [b] }, { M: { n: { N: "1" } } }] } },
          SequenceNumber: "1",
        },
      },
      STREAM_ARN,
    );
    expect(JSON.parse(JSON.stringify(record))).toEqual({
      eventID: "1",
      eventName: "REMOVE",
      eventSourceARN: STREAM_ARN,
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
      dynamodb: {
        ApproximateCreationDateTime: 1_767_225_600,
        Keys: { id: { B: "eA==" } },
        OldImage: { id: { B: "eA==" }, l: { L: [{ BS: ["eA=="] }, { M: { n: { N: "1" } } }] } },
        SequenceNumber: "1",
      },
    });
  });
});
