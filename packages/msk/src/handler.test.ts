// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  createLoader,
  decodeDeadLetter,
  encodeDeadLetter,
  encodeEvent,
  parkFailures,
  recordKey,
  type DeadLetter,
} from "@ledger-loader/core";
import { createMskHandler, type KafkaEvent } from "@ledger-loader/msk";
import { aHistory, anEvent, startLedger } from "@ledger-loader/testkit";
import type { MSKEvent, MSKRecord, SelfManagedKafkaEvent } from "aws-lambda";
import { RecordingLoader } from "../test/recording-loader";

const base64 = (text: string) => Buffer.from(text).toString("base64");

const aRecord = (offset: number, value: string, fields: Partial<MSKRecord> = {}): MSKRecord => ({
  topic: "events",
  partition: 0,
  offset,
  timestamp: 1_763_690_000_000 + offset,
  timestampType: "CREATE_TIME",
  key: base64("key"),
  value: base64(value),
  headers: [],
  ...fields,
});

/** As Lambda sends it: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html */
const anMskEvent = (records: MSKEvent["records"]): MSKEvent => ({
  eventSource: "aws:kafka",
  eventSourceArn: "arn:aws:kafka:us-east-1:000000000000:cluster/events/uuid-1",
  bootstrapServers: "b-1.events.kafka.us-east-1.amazonaws.com:9098",
  records,
});

it("takes the events of MSK and of self-managed clusters", async () => {
  const handler = createMskHandler(new RecordingLoader());
  const records = { "events-0": [aRecord(0, "{}")] };
  const selfManaged: SelfManagedKafkaEvent = {
    eventSource: "SelfManagedKafka",
    bootstrapServers: "kafka:9092",
    records,
  };
  expect(await handler(anMskEvent(records))).toBeUndefined();
  expect(await handler(selfManaged)).toBeUndefined();
});

it("gives the loader every record of every partition with bytes, place, time and key", async () => {
  const loader = new RecordingLoader();
  const event = anEvent();
  await createMskHandler(loader)(
    anMskEvent({
      "events-0": [aRecord(41, encodeEvent(event)), aRecord(42, "{op:", { key: base64("other") })],
      "more-3": [aRecord(7, "{}", { topic: "more", partition: 3 })],
    }),
  );
  expect(loader.options).toEqual({ onFailure: "block-group" });
  expect(loader.deliveries).toMatchObject([
    { deliveryId: "events-0@41", origin: "events-0@41", sentAtMs: 1_763_690_000_041 },
    { deliveryId: "events-0@42", body: Buffer.from("{op:") },
    { deliveryId: "more-3@7", origin: "more-3@7" },
  ]);
  const groups = loader.deliveries.map(({ group }) => group);
  expect(new Set(groups).size).toBe(3);
  expect(loader.deliveries[0]!.decode().events[0]!.event!.id).toEqual(event.id);
});

it("leaves decoding to the loader, so that bad bytes fail alone", async () => {
  const loader = new RecordingLoader();
  const bytes = Buffer.from([0xe0, 0x01, 0x00, 0xea, 0xff]).toString("base64");
  const events = [aRecord(0, "", { value: bytes }), aRecord(1, encodeEvent(anEvent()))];
  await createMskHandler(loader)(anMskEvent({ "events-0": events }));
  expect(() => loader.deliveries[0]!.decode()).toThrow(/Ion or JSON/);
  expect(loader.deliveries[1]!.decode().events).toHaveLength(1);
});

it("takes records without key or value: they have no group, and a tombstone is no event", async () => {
  const loader = new RecordingLoader();
  const tombstone = aRecord(0, "") as unknown as Record<string, unknown>;
  delete tombstone["value"];
  const keyless = { ...aRecord(1, "{}"), key: null };
  const event = { records: { "events-0": [tombstone, keyless] } } as unknown as KafkaEvent;
  await createMskHandler(loader)(event);
  expect(loader.deliveries[0]).toMatchObject({ body: new Uint8Array() });
  expect(() => loader.deliveries[0]!.decode()).toThrow(/found a tombstone.*KAFKA_TOMBSTONES=acknowledge/);
  expect(loader.deliveries[1]?.group).toBeUndefined();
});

it("fails the whole batch, naming the records that failed, unless it is told that part can be reported", async () => {
  const handler = createMskHandler(new RecordingLoader("events-0@1"));
  const records = [0, 1, 2].map((offset) => aRecord(offset, "{}"));
  await expect(handler(anMskEvent({ "events-0": records }))).rejects.toMatchObject({
    code: "DELIVERIES_FAILED",
    deliveryIds: ["events-0@1"],
  });
});

it("names each failed record by topic-partition and offset where part can be reported", async () => {
  const handler = createMskHandler(new RecordingLoader("my-topic-0@1", "my-topic-1@9"), {
    reportBatchItemFailures: true,
  });
  const at = (partition: number, offset: number) => aRecord(offset, "{}", { topic: "my-topic", partition });
  const answer = await handler(
    anMskEvent({ "my-topic-0": [at(0, 0), at(0, 1)], "my-topic-1": [at(1, 8), at(1, 9)] }),
  );
  expect(answer).toEqual({
    batchItemFailures: [
      { itemIdentifier: { partition: "my-topic-0", offset: 1 } },
      { itemIdentifier: { partition: "my-topic-1", offset: 9 } },
    ],
  });
});

it("acknowledges a batch without failures with an empty list", async () => {
  const handler = createMskHandler(new RecordingLoader(), { reportBatchItemFailures: true });
  expect(await handler(anMskEvent({ "events-0": [aRecord(0, "{}")] }))).toEqual({ batchItemFailures: [] });
});

it("can name failed records in another form", async () => {
  const handler = createMskHandler(new RecordingLoader("events-0@1"), {
    reportBatchItemFailures: true,
    itemIdentifier: ({ topicPartition, offset }) => `${topicPartition}-${offset}`,
  });
  expect(await handler(anMskEvent({ "events-0": [aRecord(1, "{}")] }))).toEqual({
    batchItemFailures: [{ itemIdentifier: "events-0-1" }],
  });
});

it("groups the events of a record that a publisher keyed by it", async () => {
  const loader = new RecordingLoader();
  const records = aHistory(["INSERT", "UPDATE"]).map((event, offset) =>
    aRecord(offset, encodeEvent(event), { key: base64(recordKey(event)!) }),
  );
  await createMskHandler(loader)(anMskEvent({ "events-0": records }));
  expect(new Set(loader.deliveries.map(({ group }) => group)).size).toBe(1);
});

const tombstone = (fields: object): KafkaEvent =>
  ({
    records: { "events-0": [{ ...aRecord(0, ""), value: null, ...fields }] },
  }) as unknown as KafkaEvent;

it.each([
  [
    "text",
    { key: base64("vin-1"), headers: [{ reason: [120] }] },
    { key: { utf8: "vin-1" }, headers: [{ name: "reason", utf8: "x" }] },
  ],
  [
    "bytes, and a header twice",
    { key: "/w==", headers: [{ h: [-1] }, { h: [255, 0] }] },
    { key: { base64: "/w==" }, headers: ["/w==", "/wA="].map((base64) => ({ name: "h", base64 })) },
  ],
  ["no key", { key: null, headers: [{ h: [] }] }, { headers: [{ name: "h", utf8: "" }] }],
])("parks a tombstone with its key and headers: %s", async (_name, fields, beside) => {
  const letters: DeadLetter[] = [];
  const sink = {
    park: (parked: readonly DeadLetter[]) => {
      letters.push(...parked.map((letter) => decodeDeadLetter(encodeDeadLetter(letter))));
      return Promise.resolve();
    },
  };
  const ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  try {
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    await createMskHandler(parkFailures(loader, { sink, channel: "msk", waitMs: 0 }))(tombstone(fields));
    expect(letters).toMatchObject([{ beside, reason: "malformed-event" }]);
    expect(letters[0]!.detail).toContain("tombstone");
  } finally {
    await ledger.close();
  }
});

it("acknowledges tombstones where it is told to, and says so in the log", async () => {
  const loader = new RecordingLoader();
  const lines: string[] = [];
  const keep = (_: object, message: string): void => {
    lines.push(message);
  };
  const logger = { debug: keep, info: keep, warn: keep, error: keep };
  await createMskHandler(loader, { tombstones: "acknowledge", logger })(tombstone({}));
  expect(loader.deliveries[0]!.decode()).toEqual({ events: [], atomic: false });
  expect(lines).toEqual([expect.stringContaining("tombstone acknowledged")]);
});

it.each([
  null,
  [],
  7,
  { Records: [] },
  { records: null },
  { records: [] },
  { records: { "events-0": null } },
])("says of the payload %j what was expected", async (payload) => {
  const handled = createMskHandler(new RecordingLoader())(payload as KafkaEvent);
  await expect(handled).rejects.toThrow(
    /Expected the payload to be an event of Kafka, an object with records/,
  );
});
