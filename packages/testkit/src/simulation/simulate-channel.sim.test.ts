// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type Delivery, type Loader, decodeEvents, throwIfFailed } from "@ledger-loader/core";
import {
  AsyncInvocations,
  KafkaTopic,
  ShardedStream,
  simulateChannel,
  SqsQueue,
  type ChannelUnderTest,
  type ChannelVerdict,
  type KafkaTopicEvent,
  type World,
} from "@ledger-loader/testkit/simulation";
import type { MSKRecord, SQSEvent } from "aws-lambda";

const SEEDS = [1, 2, 3];

/** A function's answer, given the ids of the deliveries that failed. */
type Answering<Answer> = (failed: readonly string[]) => Answer;

function aDelivery(deliveryId: string, group: string, body: string): Delivery {
  return { deliveryId, group, body, origin: deliveryId, decode: () => decodeEvents(body) };
}

/** A function at the end of any channel. */
function handlerOf<Event, Answer>(
  toDeliveries: (event: Event) => readonly Delivery[],
  answer: Answering<Answer>,
): (loader: Loader) => (event: Event) => Promise<Answer> {
  return (loader) => async (event) => {
    const { failed } = await loader.load(toDeliveries(event), { onFailure: "block-group" });
    return answer(failed.map(({ deliveryId }) => deliveryId));
  };
}

function sqsDeliveries({ Records }: SQSEvent): readonly Delivery[] {
  return Records.map(({ messageId, attributes, body }) =>
    aDelivery(messageId, attributes.MessageGroupId ?? messageId, body),
  );
}

function itemFailures(ids: readonly string[]): { readonly batchItemFailures: { itemIdentifier: string }[] } {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Some runs of a channel up to the first with violations, and these. */
async function run<Event, Answer>(
  make: (world: World) => ChannelUnderTest<Event, Answer>,
): Promise<ChannelVerdict> {
  const verdicts: ChannelVerdict[] = [];
  for (const seed of SEEDS) {
    const verdict = await simulateChannel(seed, make);
    verdicts.push(verdict);
    if (verdict.violations.length > 0) break;
  }
  const sum = (count: (verdict: ChannelVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + count(verdict), 0);
  return {
    violations: verdicts.flatMap(({ violations }) => violations),
    invocations: sum(({ invocations }) => invocations),
    crashes: sum(({ crashes }) => crashes),
    parked: sum(({ parked }) => parked),
    dropped: sum(({ dropped }) => dropped),
  };
}

type QueueAnswer = ReturnType<typeof itemFailures>;

function runQueue(fifo: boolean, answer: Answering<QueueAnswer>): Promise<ChannelVerdict> {
  return run<SQSEvent, QueueAnswer>((world) => ({
    handler: handlerOf(sqsDeliveries, answer),
    channel: (invoke) =>
      new SqsQueue(world, invoke, { fifo, visibilityTimeoutMs: 3_000, maxReceiveCount: 4 }),
  }));
}

interface ShardBatch {
  readonly deliveries: readonly Delivery[];
}

function runShards(answer: Answering<QueueAnswer>): Promise<ChannelVerdict> {
  return run<ShardBatch, QueueAnswer>((world) => ({
    handler: handlerOf(({ deliveries }) => deliveries, answer),
    parkAfterMs: 5_000,
    channel: (invoke) =>
      new ShardedStream(world, invoke, {
        scattersRecords: true,
        toEvent: (batch) => ({
          deliveries: batch.map(({ shardId, sequenceNumber, message }) =>
            aDelivery(sequenceNumber, shardId, message.body),
          ),
        }),
      }),
  }));
}

function runInvocations(answer: Answering<undefined>): Promise<ChannelVerdict> {
  return run<Delivery, undefined>((world) => ({
    handler: handlerOf((delivery) => [delivery], answer),
    channel: (invoke) =>
      new AsyncInvocations(world, invoke, { toEvent: ({ body }, id) => aDelivery(id, id, body) }),
  }));
}

function kafkaDelivery({ topic, partition, offset, value }: MSKRecord): Delivery {
  const lane = `${topic}-${partition}`;
  return aDelivery(`${lane}@${offset}`, lane, Buffer.from(value, "base64").toString());
}

function runTopic(reportBatchItemFailures: boolean, answer: Answering<unknown>): Promise<ChannelVerdict> {
  return run<KafkaTopicEvent, unknown>((world) => ({
    handler: handlerOf(({ records }) => Object.values(records).flat().map(kafkaDelivery), answer),
    parkAfterMs: 5_000,
    channel: (invoke) => new KafkaTopic(world, invoke, { reportBatchItemFailures }),
  }));
}

function lowestOnly(failed: readonly string[]): QueueAnswer {
  return itemFailures(failed.slice(0, 1));
}

function kafkaFailures(failed: readonly string[]): unknown {
  return {
    batchItemFailures: failed.map((id) => {
      const [partition, offset] = id.split("@");
      return { itemIdentifier: { partition, offset: Number(offset) } };
    }),
  };
}

function throwOnFailure(failed: readonly string[]): undefined {
  const deliveries = failed.map((deliveryId) => ({ deliveryId, events: [], split: false, heldBack: false }));
  const skipped = { "already-applied": 0, superseded: 0, "missing-document": 0 };
  throwIfFailed({
    deliveries,
    failed: deliveries,
    counts: { written: 0, writtenWithoutId: 0, skipped, rejected: {} },
  });
}

describe("The simulated channels", () => {
  it.each([false, true])("hold with a right function at the end of a queue (FIFO: %s)", async (fifo) => {
    const verdict = await runQueue(fifo, itemFailures);
    expect(verdict.violations).toEqual([]);
    expect(verdict.dropped).toBeGreaterThan(0);
    expect(verdict.crashes).toBeGreaterThan(0);
  });

  it("hold with a right function at the end of shards", async () => {
    const verdict = await runShards(lowestOnly);
    expect(verdict.violations).toEqual([]);
    expect(verdict.parked).toBeGreaterThan(0);
    expect(verdict.crashes).toBeGreaterThan(0);
  });

  it("hold with a right function that is invoked asynchronously", async () => {
    const verdict = await runInvocations(throwOnFailure);
    expect(verdict.violations).toEqual([]);
    expect(verdict.dropped).toBeGreaterThan(0);
  });

  it.each([
    ["by name", true, kafkaFailures],
    ["as a whole", false, throwOnFailure],
  ] as const)(
    "hold with a right function at the end of a topic that fails batches %s",
    async (_how, partial, answer) => {
      const verdict = await runTopic(partial, answer);
      expect(verdict.violations).toEqual([]);
      expect(verdict.parked).toBeGreaterThan(0);
    },
  );

  it("repeat a run from its seed", async () => {
    expect(await runQueue(false, itemFailures)).toEqual(await runQueue(false, itemFailures));
  });
});

describe("The simulated channels catch", () => {
  const lost = expect.arrayContaining([expect.stringMatching(/expected|acknowledged in silence/)]);

  it.each([false, true])("a function that names no failed message of a queue (FIFO: %s)", async (fifo) => {
    expect((await runQueue(fifo, () => itemFailures([]))).violations).toEqual(lost);
  });

  it("a function that names only the first failed message of a queue", async () => {
    expect((await runQueue(false, lowestOnly)).violations).toEqual(lost);
  });

  it("a function that names the last failed record of a shard", async () => {
    const { violations } = await runShards((failed) => itemFailures(failed.slice(-1)));
    expect(violations).toEqual(lost);
  });

  it("a function that does not throw where that is its only answer", async () => {
    expect((await runInvocations(() => undefined)).violations).toEqual(lost);
    expect((await runTopic(false, () => undefined)).violations).toEqual(lost);
  });

  it("a function that parks bad events and forgets where", async () => {
    const { violations } = await run<ShardBatch, QueueAnswer>((world) => ({
      handler: handlerOf(({ deliveries }) => deliveries, lowestOnly),
      parkAfterMs: 0,
      bodyOf: () => "something else",
      channel: (invoke) =>
        new ShardedStream(world, invoke, {
          toEvent: (batch) => ({
            deliveries: batch.map(({ shardId, sequenceNumber, message }) =>
              aDelivery(sequenceNumber, shardId, message.body),
            ),
          }),
        }),
    }));
    expect(violations).toEqual(lost);
  });
});
