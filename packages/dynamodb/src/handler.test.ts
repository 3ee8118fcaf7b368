// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { createDynamoDbHandler, decodeDynamoDbRecord, type DynamoDbOptions } from "@ledger-loader/dynamodb";
import type { DynamoDBStreamHandler } from "aws-lambda";
import { RecordingLoader } from "../test/recording-loader";
import { aRecord, LABEL_MS, plain, type RecordFields } from "../test/stream-records";

const events = (fields: RecordFields, options?: DynamoDbOptions) => {
  const { events: decoded, atomic } = decodeDynamoDbRecord(JSON.stringify(aRecord(fields)), options);
  return { events: decoded.map(plain), atomic };
};
const only = (fields: RecordFields, options?: DynamoDbOptions) => events(fields, options).events[0];

describe("createDynamoDbHandler", () => {
  it("can be a Lambda function's handler as it is", () => {
    const handler: DynamoDBStreamHandler = createDynamoDbHandler(new RecordingLoader());
    expect(handler).toBeInstanceOf(Function);
  });

  it("names the first failed record only: Lambda delivers again from there", async () => {
    const handler = createDynamoDbHandler(new RecordingLoader("11", "13"));
    const Records = [10, 11, 12, 13].map((sequenceNumber) => aRecord({ sequenceNumber }));
    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: "11" }] });
  });

  it("acknowledges a batch without failures with an empty list", async () => {
    const handler = createDynamoDbHandler(new RecordingLoader());
    expect(await handler({ Records: [aRecord()] })).toEqual({ batchItemFailures: [] });
  });

  it("gives the loader what parking and metrics need, and a body that can be decoded again", async () => {
    const loader = new RecordingLoader();
    await createDynamoDbHandler(loader)({ Records: [aRecord({ sequenceNumber: "111" })] });
    const [delivery] = loader.deliveries;
    expect(delivery).toMatchObject({
      deliveryId: "111",
      origin: "Person/stream/2026-01-01T00:00:00.000@111",
      sentAtMs: 1_767_225_600_000,
    });
    expect(decodeDynamoDbRecord(delivery!.body!).events.map(plain)).toEqual(
      delivery!.decode().events.map(plain),
    );
  });

  it("leaves decoding to the loader, so that a bad record fails alone", async () => {
    const loader = new RecordingLoader();
    await createDynamoDbHandler(loader)({ Records: [{}, aRecord()] });
    expect(() => loader.deliveries[0]!.decode()).toThrow(expect.objectContaining({ code: "INVALID_EVENT" }));
    expect(loader.deliveries[1]!.decode().events).toHaveLength(1);
  });
});

describe("A record of DynamoDB Streams", () => {
  it.each([
    ["INSERT", "INSERT"],
    ["MODIFY", "UPDATE"],
  ])("%s becomes an %s with the item and the stream's own order", (name, op) => {
    expect(only({ name, sequenceNumber: "820400000000000001192334" })).toBe(
      `{op:"${op}",table:"Person",id:"p1",position:[0,${LABEL_MS},820400000000000001192334],data:{id:"p1",color:"red"}}`,
    );
  });

  it("REMOVE becomes a DELETE without content, whatever images it has", () => {
    expect(only({ name: "REMOVE", oldImage: { id: { S: "p1" } } })).toBe(
      `{op:"DELETE",table:"Person",id:"p1",position:[0,${LABEL_MS},1]}`,
    );
  });

  it("goes to another table and starts a new order if told to", () => {
    expect(
      only({ name: "REMOVE", table: "prod.person-v2" }, { tables: { "prod.person-v2": "Person" }, epoch: 3 }),
    ).toBe(`{op:"DELETE",table:"Person",id:"p1",position:[3,${LABEL_MS},1]}`);
  });

  it("becomes ANY where items may be older than their stream", () => {
    expect(only({ name: "MODIFY" }, { modifyAs: "ANY" })).toMatch(/^\{op:"ANY",/);
    expect(only({ name: "INSERT" }, { modifyAs: "ANY" })).toMatch(/^\{op:"ANY",/);
  });

  it.each(["KEYS_ONLY", "OLD_IMAGE"])("is refused with view type %s, which has no new image", (view) => {
    for (const name of ["INSERT", "MODIFY", "REMOVE"]) {
      expect(() => only({ name, view, newImage: null })).toThrow(
        `Expected StreamViewType to be NEW_IMAGE or NEW_AND_OLD_IMAGES, found "${view}".`,
      );
    }
  });

  it.each([
    ["of another name", { name: "TRUNCATE" }, "unsupported-operation"],
    ["without the new image", { newImage: null }, "malformed-event"],
    ["without a key", { keys: {} }, "id-required"],
    ["of a table whose name cannot be one of the ledger", { table: "prod.person" }, "invalid-table"],
    ["without a sequence number", { sequenceNumber: "" }, "malformed-event"],
    ["of a stream without a label", { label: "latest" }, "malformed-event"],
  ])("is rejected %s", (_, fields, reason) => {
    expect(() => only(fields)).toThrow(expect.objectContaining({ reason }));
  });

  it.each(["", "{", "[]", "null", '"text"', "\u0085"])("is rejected if it is no record: %s", (body) => {
    expect(() => decodeDynamoDbRecord(body)).toThrow(expect.objectContaining({ code: "INVALID_EVENT" }));
  });
});

describe("An item that has expired", () => {
  const expired: RecordFields = {
    name: "REMOVE",
    expired: true,
    sequenceNumber: 9,
    oldImage: { id: { S: "p1" }, color: { S: "blue" } },
  };
  const deletion = `{op:"DELETE",table:"Person",id:"p1",position:[0,${LABEL_MS},9]}`;

  it("is deleted by default", () => {
    expect(events(expired)).toEqual({ events: [deletion], atomic: false });
  });

  it("stays in the ledger if told so", () => {
    expect(events(expired, { expiry: "ignore" })).toEqual({ events: [], atomic: false });
  });

  it("is moved to the archive in one transaction if told so", () => {
    const archived = `{op:"ANY",table:"Archive",id:"p1",position:[0,${LABEL_MS},9],data:{id:"p1",color:"blue"}}`;
    expect(events(expired, { expiry: { archiveTo: "Archive" } })).toEqual({
      events: [deletion, archived],
      atomic: true,
    });
  });

  it("cannot be archived from a stream without old images", () => {
    const { oldImage: _, ...withoutImage } = expired;
    expect(() => events(withoutImage, { expiry: { archiveTo: "Archive" } })).toThrow(/OldImage/);
  });

  it("is anybody's removal in a replica of a global table, which does not say why: it is deleted", () => {
    expect(events({ ...expired, expired: false }, { expiry: "ignore" }).events).toEqual([deletion]);
  });

  it("is told apart from a removal by another service or user", () => {
    const record = {
      ...aRecord(expired),
      userIdentity: { type: "Service", principalId: "other.amazonaws.com" },
    };
    expect(decodeDynamoDbRecord(JSON.stringify(record), { expiry: "ignore" }).events.map(plain)).toEqual([
      deletion,
    ]);
  });
});

describe("Numbers, of which DynamoDB keeps no trailing zeros,", () => {
  const newImage = { id: { S: "p1" }, price: { N: "1.5" } };

  it.each([
    ["an item", {}],
    ["an item that was changed", { name: "MODIFY" as const }],
  ])("are compared by value for %s", (_, fields) => {
    const { events: decoded } = decodeDynamoDbRecord(JSON.stringify(aRecord({ newImage, ...fields })), {});
    expect(decoded.map(({ event }) => event?.numbersByValue)).toEqual([true]);
  });

  it("are compared as they stand in the event of an outbox, which is text", () => {
    const event = { S: '{op:"INSERT",table:"T",id:"a",version:0,data:{price:1.50}}' };
    const body = JSON.stringify(aRecord({ newImage: { id: { S: "m1" }, event } }));
    const { events: decoded } = decodeDynamoDbRecord(body, { eventAttribute: "event" });
    expect(decoded.map(({ event: each }) => each?.numbersByValue)).toEqual([undefined]);
  });
});

describe("An outbox", () => {
  const event = '{op:"INSERT",table:"Vehicle",id:"v1",version:0,data:{color:"red"}}';
  const outbox: DynamoDbOptions = { eventAttribute: "event" };
  const item = (attribute: Record<string, string>) => ({
    id: { S: "m1" },
    event: attribute as { S: string },
  });

  it("gives the event that an item carries, as text or binary", () => {
    expect(only({ newImage: item({ S: event }) }, outbox)).toBe(event);
    expect(only({ newImage: item({ B: Buffer.from(event).toString("base64") }) }, outbox)).toBe(event);
  });

  it("gives nothing for an item that is cleaned away", () => {
    expect(events({ name: "REMOVE", expired: true }, outbox)).toEqual({ events: [], atomic: false });
  });

  it("refuses an item that was changed, or carries no event", () => {
    expect(() => events({ name: "MODIFY" }, outbox)).toThrow(
      expect.objectContaining({ reason: "unsupported-operation" }),
    );
    expect(() => events({}, outbox)).toThrow(expect.objectContaining({ reason: "malformed-event" }));
  });
});
