// SPDX-License-Identifier: MIT
import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  EventsRefusedError,
  type RevisionEvent,
  decodeEvents,
  encodeEvent,
  recordKey,
} from "@ledger-loader/core";
import {
  createKinesisPublisher,
  StreamUnavailableError,
  type KinesisPublisherOptions,
} from "@ledger-loader/kinesis";
import { deaggregate } from "@ledger-loader/kpl";
import {
  aHistory,
  anEvent,
  readKinesisStream,
  seededRandom,
  startKinesis,
  type KinesisEmulator,
} from "@ledger-loader/testkit";
import { flakyClient } from "../test/flaky-client";

let kinesis: KinesisEmulator;
let streams = 0;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(() => kinesis.close());

async function aStream(shards = 2): Promise<string> {
  const name = `published-${(streams += 1)}`;
  await kinesis.createStream(name, shards);
  return name;
}

// oxlint-disable-next-line typescript/require-await -- a source is asynchronous
async function* source(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  yield* events;
}

const publish = (
  streamName: string,
  events: AsyncIterable<RevisionEvent>,
  options: Partial<KinesisPublisherOptions> = {},
) =>
  createKinesisPublisher({ client: kinesis.client, streamName, retryDelayMs: 1, ...options }).publish(events);

/** The stream's events, shard by shard, with the number of Kinesis records that hold them. */
async function held(streamName: string) {
  const shards = await readKinesisStream(kinesis.client, streamName);
  const events = shards.map((records) =>
    records.flatMap(({ Data }) => {
      const content = deaggregate(Data!);
      const datas = content.kind === "aggregate" ? content.records.map(({ data }) => data) : [Data!];
      return datas.flatMap((data) => decodeEvents(data).events.map(({ event }) => event!));
    }),
  );
  return { events, records: shards.flat().length };
}

/** Versions by record, in the order in which each shard holds them; a record must be in one shard. */
function versionsOf(shards: readonly (readonly RevisionEvent[])[]): Record<string, number[]> {
  const versions: Record<string, number[]> = {};
  const shardOf = new Map<string, number>();
  for (const [shard, events] of shards.entries()) {
    for (const { id, version } of events) {
      const key = id!.value.stringValue()!;
      expect(shardOf.get(key) ?? shard).toBe(shard);
      shardOf.set(key, shard);
      (versions[key] ??= []).push(version!);
    }
  }
  return versions;
}

const histories = (records: number, revisions: number) =>
  Array.from({ length: revisions }, (_, version) =>
    Array.from({ length: records }, (__, i) =>
      anEvent({ id: `r${i}`, op: version === 0 ? "INSERT" : "UPDATE", version, data: { version } }),
    ),
  ).flat();

const expected = (records: number, revisions: number) =>
  Object.fromEntries(
    Array.from({ length: records }, (_, i) => [`r${i}`, Array.from({ length: revisions }, (__, v) => v)]),
  );

describe.each([false, true])("A Kinesis publisher (aggregating: %s)", (aggregate) => {
  it("puts every event once, a record's into one shard and in order", async () => {
    const stream = await aStream(3);
    const progress: number[] = [];
    const publisher = createKinesisPublisher({ client: kinesis.client, streamName: stream, aggregate });
    const report = await publisher.publish(source(histories(50, 6)), (n) => progress.push(n));
    expect(report).toEqual({ published: 300, retries: 0 });
    expect(progress.at(-1)).toBe(300);
    const { events, records } = await held(stream);
    expect(versionsOf(events)).toEqual(expected(50, 6));
    expect(events.filter((shard) => shard.length > 0)).toHaveLength(3);
    expect(records).toBe(aggregate ? 3 : 300);
  });

  it("keeps each record's order when the stream refuses some, fails and loses answers", async () => {
    const stream = await aStream(2);
    const random = seededRandom(7);
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const client = flakyClient(kinesis.clientConfig, () => {
      if (random.chance(0.1)) return { fail: { when: "before", error: reset } };
      if (random.chance(0.1)) return { fail: { when: "after", error: reset } };
      return { refuse: () => random.chance(0.3) };
    });
    const options = { client, aggregate, attemptsMax: 40, recordBytesMax: aggregate ? 2_000 : 1_000_000 };
    const report = await publish(stream, source(histories(20, 10)), options);
    expect(report.published).toBe(200);
    expect(report.retries).toBeGreaterThan(3);
    const { events } = await held(stream);
    // An answer that was lost may leave a record twice; what is new in it never comes before what it follows.
    for (const versions of Object.values(versionsOf(events))) {
      expect([...new Set(versions)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  it("leaves out what fits into no record, with what follows it, and says so without its id", async () => {
    const stream = await aStream(1);
    const [first, second, third] = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "jane" });
    const large = anEvent({ id: "jane", op: "UPDATE", version: 1, data: { text: "x".repeat(3_000) } });
    const other = anEvent({ id: "b" });
    expect(second!.version).toBe(1);
    const failed = publish(stream, source([first!, large, third!, other]), {
      aggregate,
      recordBytesMax: 2_000,
    });
    await expect(failed).rejects.toMatchObject({
      published: 2,
      heldBack: [third],
      refused: [{ event: large, code: "RecordTooLarge" }],
    });
    await expect(failed).rejects.toThrow(EventsRefusedError);
    await expect(failed).rejects.not.toThrow(/jane/);
    expect((await held(stream)).events.flat().map((event) => encodeEvent(event))).toEqual(
      [first!, other].map((event) => encodeEvent(event)),
    );
  });

  it("gives up when the stream refuses on and on, and when there is none", async () => {
    const stream = await aStream(1);
    const client = flakyClient(kinesis.clientConfig, () => ({ refuse: () => true }));
    const refused = publish(stream, source([anEvent()]), { client, aggregate, attemptsMax: 3 });
    await expect(refused).rejects.toThrow(StreamUnavailableError);
    await expect(refused).rejects.toMatchObject({ retryable: true });
    await expect(publish("no-such", source([anEvent()]), { aggregate })).rejects.toThrow(
      expect.objectContaining({ name: "ResourceNotFoundException" }),
    );
  });
});

it("keeps events that name a group in one shard, and puts those without an id anywhere", async () => {
  const stream = await aStream(2);
  const grouped = ["a", "b", "c", "d", "e", "f"].map((id) => anEvent({ id, group: "order 1" }));
  await publish(stream, source([...grouped, anEvent({ id: undefined })]));
  const shards = (await held(stream)).events;
  expect(shards.map((events) => events.filter(({ group }) => group !== undefined).length).toSorted()).toEqual(
    [0, 6],
  );
  expect(shards.flat()).toHaveLength(7);
});

it("packs for the new shards after the stream was split", async () => {
  const stream = await aStream(1);
  async function* splitInBetween(): AsyncGenerator<RevisionEvent> {
    yield* histories(20, 20);
    const half = { NewStartingHashKey: (2n ** 127n).toString(), ShardToSplit: "shardId-000000000000" };
    await kinesis.client.send(new SplitShardCommand({ StreamName: stream, ...half }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let version = 20; version < 60; version += 1) {
      for (let i = 0; i < 20; i += 1) yield anEvent({ id: `r${i}`, op: "UPDATE", version });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const report = await publish(stream, splitInBetween(), { aggregate: true, recordBytesMax: 4_000 });
  expect(report.published).toBe(1_200);
  const { events } = await held(stream);
  expect(events.flat()).toHaveLength(1_200);
  const [, ...children] = events;
  // What is packed at the end is for the children: none of a record's last events is in both.
  const last = children.map((shard) => new Set(shard.slice(-100).map((event) => recordKey(event))));
  expect(last[0]!.size + last[1]!.size).toBe(new Set([...last[0]!, ...last[1]!]).size);
  expect(last.every(({ size }) => size > 0)).toBe(true);
});
