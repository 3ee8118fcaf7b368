// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  BOOKKEEPING_TABLE,
  type Delivery,
  type LoadReport,
  type Loader,
  type RevisionEvent,
  encodeEvent,
} from "@ledger-loader/core";
import {
  createKinesisHandler,
  createQldbStreamHandler,
  decodeQldbStreamRecord,
} from "@ledger-loader/kinesis";
import { aggregate } from "@ledger-loader/kpl";
import { anEvent, toLambdaRecord } from "@ledger-loader/testkit";
import { publishedAggregate, revisionRecord, streamRecord } from "../test/qldb-records";

/** A loader that keeps what it is given and fails the deliveries at these places. */
function aLoader(...failing: number[]): Loader & { deliveries: Delivery[]; onFailure: string } {
  const loader = {
    deliveries: [] as Delivery[],
    onFailure: "",
    load: (deliveries: readonly Delivery[], { onFailure }: { onFailure: string }) => {
      loader.deliveries = [...deliveries];
      loader.onFailure = onFailure;
      const failed = failing.map((place) => ({ deliveryId: deliveries[place]!.deliveryId }));
      return Promise.resolve({ failed } as unknown as LoadReport);
    },
    close: () => Promise.resolve(),
  };
  return loader;
}

function batchOf(...datas: Uint8Array[]) {
  return {
    Records: datas.map((Data, i) =>
      toLambdaRecord("shardId-000000000003", {
        Data,
        PartitionKey: "key",
        SequenceNumber: `4959${i}`,
        ApproximateArrivalTimestamp: new Date(1_700_000_000_250),
      }),
    ),
  };
}

const bytes = (...events: RevisionEvent[]) => Buffer.from(events.map(encodeEvent).join("\n"));

function aggregateOf(...datas: Uint8Array[]): Uint8Array {
  const [record] = aggregate(datas.map((data) => ({ partitionKey: "k", data })));
  return record!.data;
}

const events = (delivery: Delivery) => delivery.decode().events.map(({ event }) => event);

describe("The Kinesis handler", () => {
  it("hands the loader each record with its place, its bytes and its time", async () => {
    const loader = aLoader();
    const data = bytes(anEvent({ id: "a" }));
    expect(await createKinesisHandler(loader)(batchOf(data))).toEqual({ batchItemFailures: [] });
    expect(loader.onFailure).toBe("block-group");
    expect(loader.deliveries).toEqual([
      expect.objectContaining({
        deliveryId: "49590",
        group: "shardId-000000000003",
        origin: "shardId-000000000003/49590",
        sentAtMs: 1_700_000_000_250,
        body: data,
      }),
    ]);
  });

  it("takes several events from one record, and the records of an aggregate one by one", async () => {
    const loader = aLoader();
    const [a, b, c] = [anEvent({ id: "a" }), anEvent({ id: "b" }), anEvent({ id: "c" })];
    await createKinesisHandler(loader)(batchOf(bytes(a, b), aggregateOf(bytes(c), bytes(a))));
    expect(loader.deliveries.map(events)).toEqual([[a, b], [c], [a]]);
    expect(loader.deliveries.map(({ deliveryId, origin }) => [deliveryId, origin])).toEqual([
      ["49590", "shardId-000000000003/49590"],
      ["49591", "shardId-000000000003/49591#0"],
      ["49591", "shardId-000000000003/49591#1"],
    ]);
  });

  it("answers with the lowest sequence number that failed, an aggregate's for any record in it", async () => {
    const data = aggregateOf(bytes(anEvent()), bytes(anEvent()));
    const handler = createKinesisHandler(aLoader(2, 4));
    expect(await handler(batchOf(data, data, data))).toEqual({
      batchItemFailures: [{ itemIdentifier: "49591" }],
    });
  });

  it("rejects an aggregate that was damaged on the way as the one record it is", async () => {
    const loader = aLoader();
    const damaged = Uint8Array.from(aggregateOf(bytes(anEvent())));
    damaged[10]! ^= 1;
    await createKinesisHandler(loader)(batchOf(damaged));
    expect(loader.deliveries).toHaveLength(1);
    expect(() => loader.deliveries[0]!.decode()).toThrow(expect.objectContaining({ code: "INVALID_EVENT" }));
  });
});

describe("The QLDB stream handler", () => {
  it("reads what Amazon QLDB wrote: a summary that needs nothing, and a revision", async () => {
    const loader = aLoader();
    await createQldbStreamHandler(loader)(batchOf(publishedAggregate()));
    expect(loader.onFailure).toBe("continue");
    const found = loader.deliveries.map(events);
    expect(found.map((each) => each.length)).toEqual([0, 1]);
    expect(found[1]![0]).toMatchObject({ op: "INSERT", version: 0 });
    expect(found[1]![0]!.id!.value.stringValue()).toMatch(/^[0-9A-Za-z]{22}$/);
    expect(found[1]![0]!.data!.fieldNames().length).toBeGreaterThan(0);
  });

  it("acknowledges control records", () => {
    for (const type of ["CREATED", "COMPLETED"]) {
      const record = streamRecord("CONTROL", `{controlRecordType: "${type}"}`);
      expect(decodeQldbStreamRecord(record)).toEqual({ events: [], atomic: false });
    }
  });

  it.each([
    ["an insert", 0, "data: {a: 1}", "INSERT"],
    ["an update", 3, "data: {a: 1}", "UPDATE"],
    ["a deletion", 3, "", "DELETE"],
    ["a redacted revision", 3, `dataHash: {{${Buffer.alloc(32, 1).toString("base64")}}}`, "UPDATE"],
  ])("makes %s of version %i the event %j: %s", (_, version, content, op) => {
    const [decoded] = decodeQldbStreamRecord(revisionRecord("doc", version, content)).events;
    expect(decoded!.event).toMatchObject({ op, table: "Vehicle", version });
    expect(decoded!.event!.data !== undefined).toBe(content.startsWith("data:"));
    expect(decoded!.event!.dataHash !== undefined).toBe(content.startsWith("dataHash"));
  });

  it("leaves alone revisions of the source's own, and what a loader noted there", () => {
    const hashOnly = streamRecord("REVISION_DETAILS", "{revision: {hash: {{AAAA}}}}");
    expect(decodeQldbStreamRecord(hashOnly).events).toEqual([]);
    expect(decodeQldbStreamRecord(revisionRecord("d", 0, "data: {}", BOOKKEEPING_TABLE)).events).toEqual([]);
  });

  it.each([
    ["not Ion", Buffer.from("{op:")],
    ["not a struct", Buffer.from("1")],
    ["an event of ours", bytes(anEvent())],
    ["an unknown type", streamRecord("NEWS", "{}")],
    ["no payload", streamRecord("BLOCK_SUMMARY", "null")],
    ["a revision without table", streamRecord("REVISION_DETAILS", `{revision: {metadata: {id: "a"}}}`)],
    ["a version that is none", revisionRecord("a", 0.5, "data: {}")],
    ["data that is no struct", revisionRecord("a", 0, "data: [1]")],
    ["a hash that is none", revisionRecord("a", 0, `dataHash: "secret"`)],
  ])("refuses %s, and does not repeat it", (_, data) => {
    const refused = () => decodeQldbStreamRecord(data);
    expect(refused).toThrow(expect.objectContaining({ code: "INVALID_EVENT" }));
    expect(refused).not.toThrow(/secret/);
  });
});
