// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  DeliveriesFailedError,
  type Delivery,
  InvalidEventError,
  type Loader,
  type Logger,
  decodeEvents,
  encodeEvent,
  encodeSourceTransaction,
  rejected,
} from "@ledger-loader/core";
import {
  createEventBridgeHandler,
  decodeEventBridgeLetter,
  type EventBridgeOptions,
} from "@ledger-loader/eventbridge";
import { anEvent } from "@ledger-loader/testkit";
import type { EventBridgeEvent } from "aws-lambda";

function invocation(detail: unknown): EventBridgeEvent<string, unknown> {
  return {
    version: "0",
    id: "7bf73129-1428-4cd3-a780-95db273d1602",
    "detail-type": "RevisionEvent",
    source: "ledger-loader",
    account: "123456789012",
    time: "2026-01-29T12:00:00Z",
    region: "us-east-1",
    resources: [],
    detail,
  };
}

/** The delivery that the handler makes of a detail. */
async function deliver(detail: unknown, options?: EventBridgeOptions): Promise<Delivery> {
  const kept: Delivery[] = [];
  await createEventBridgeHandler(aLoader(kept), options)(invocation(detail));
  return kept[0]!;
}

function aLoader(kept: Delivery[], failing = false): Loader {
  return {
    load: (deliveries) => {
      kept.push(...deliveries);
      const outcome = failing
        ? rejected("version-gap", "Expected more.", true)
        : ({ status: "written" } as const);
      const reports = deliveries.map(({ deliveryId }) => ({
        deliveryId,
        events: [{ outcome }],
        split: false,
        heldBack: false,
      }));
      const counts = { written: 0, skipped: {} as never, rejected: {}, writtenWithoutId: 0 };
      return Promise.resolve({ deliveries: reports, failed: failing ? reports : [], counts });
    },
    close: () => Promise.resolve(),
  };
}

/** The reason of each rejected event, or the event as text. */
function contentOf(delivery: Delivery): readonly string[] {
  return delivery
    .decode()
    .events.map(({ event, rejected: refused }) => (event ? encodeEvent(event) : refused.reason));
}

/** Why a delivery is rejected, as a whole or its first event. */
function reasonOf(delivery: Delivery): string | undefined {
  try {
    return delivery.decode().events[0]?.rejected?.reason;
  } catch (error) {
    if (error instanceof InvalidEventError) return error.reason;
    throw error;
  }
}

const INSERT = `{"op":"INSERT","table":"T","id":"1","version":0,"data":{"d":?}}`;
const event = anEvent({ data: { amount: 1 } });

describe("The EventBridge handler", () => {
  it("loads the event of an invocation, with its id, place and time", async () => {
    const delivery = await deliver({ op: "INSERT", table: "Vehicle", event: encodeEvent(event) });
    expect(delivery).toMatchObject({
      deliveryId: "7bf73129-1428-4cd3-a780-95db273d1602",
      origin: "ledger-loader/7bf73129-1428-4cd3-a780-95db273d1602",
      sentAtMs: Date.parse("2026-01-29T12:00:00Z"),
      body: encodeEvent(event),
    });
    expect(contentOf(delivery)).toEqual([encodeEvent(event)]);
  });

  it("loads a detail that is itself an event in JSON, as programs for the Java loader send it", async () => {
    const delivery = await deliver({
      op: "INSERT",
      table: "Vehicle",
      id: "v1",
      version: 0,
      data: { price: 1.25 },
    });
    const [decoded] = delivery.decode().events;
    expect(decoded?.event?.version).toBe(0);
    expect(encodeEvent(decoded!.event!)).toContain("data:{price:1.25}");
  });

  it("loads several events as a source transaction", async () => {
    const both = [event, anEvent({ id: "v2" })];
    for (const detail of [
      { event: encodeSourceTransaction(both) },
      { events: both.map(({ op, table, version }, i) => ({ op, table, id: `v${i}`, version, data: {} })) },
    ]) {
      const { events, atomic } = (await deliver(detail)).decode();
      expect(events).toHaveLength(2);
      expect(atomic).toBe(true);
    }
  });

  it.each([
    ["no object", "text"],
    ["null", null],
    ["a list", [1]],
    ["absent", undefined],
    ["text that is no Ion", { event: "{op:" }],
    [
      "an integer that JSON has rounded",
      { op: "INSERT", table: "T", id: "1", version: 0, data: { n: 2 ** 53 } },
    ],
    [
      "a decimal that JSON may have rounded",
      { op: "INSERT", table: "T", id: "1", version: 0, data: { n: 0.1 + 0.2 } },
    ],
  ])("rejects a detail that is %s, and parks it as it came", async (_, detail) => {
    const delivery = await deliver(detail);
    expect(() => delivery.decode()).toThrow(InvalidEventError);
    expect(typeof delivery.body).toBe("string");
  });

  it.each(["1e400", "-1e400", "4.94e-324", "12345678901234567", "[0.1234567890123456789]"])(
    "rejects %s, of which JSON in Lambda loses digits, and a redrive loads no other number until it is corrected",
    async (number) => {
      const json = INSERT.replace("?", number);
      const delivery = await deliver(JSON.parse(json));
      const { body = "" } = delivery;
      expect(() => delivery.decode()).toThrow(/free of numbers that JSON in Lambda rounds/);
      expect(body).not.toContain("null");
      expect(() => decodeEventBridgeLetter(body)).toThrow(/correct them in the letter.*field rounded/);
      const [corrected] = decodeEventBridgeLetter(json).events;
      expect(encodeEvent(corrected!.event!)).toBe(encodeEvent(decodeEvents(json).events[0]!.event!));
    },
  );

  it.each([
    ["lists", INSERT, "[".repeat(20_000) + "]".repeat(20_000)],
    ["structs", INSERT, `{"a":`.repeat(20_000) + "1" + "}".repeat(20_000)],
    ["both, in a source transaction", `{"events":?}`, `[{"a":`.repeat(9000) + `"text"` + "}]".repeat(9000)],
  ])("rejects a detail that is nested too deep, of %s, and keeps its text", async (_, form, text) => {
    const detail = JSON.parse(form.replace("?", text)) as unknown;
    const delivery = await deliver(detail);
    expect(reasonOf(delivery)).toBe("malformed-event");
    expect(delivery.body).toContain(text);
  });

  it.each([
    [null, /found null/],
    [{}, /found an empty object/],
    [[[{}]], /found an array/],
    [[{ messageId: "m", body: "{}", eventSource: "aws:sqs" }], /found a record of aws:sqs.*Pipes/],
    [[{ data: "e30=", partitionKey: "k", eventSource: "aws:kinesis" }], /found a record of aws:kinesis/],
    [{ Records: [] }, /found an object without op, event and events/],
  ])("says of the payload %j what was expected and what came", async (payload, found) => {
    const kept: Delivery[] = [];
    await createEventBridgeHandler(aLoader(kept))(payload as object);
    expect(() => kept[0]!.decode()).toThrow(/Expected the payload to be an event of EventBridge/);
    expect(() => kept[0]!.decode()).toThrow(found);
  });

  it("throws for a failed event, so that Lambda tries it again and then hands it to the failure destination", async () => {
    const handler = createEventBridgeHandler(aLoader([], true));
    await expect(handler(invocation({ event: encodeEvent(event) }))).rejects.toThrow(DeliveriesFailedError);
  });
});

describe("The EventBridge handler behind a subscriber of a Custom Event Bus", () => {
  const both = [event, anEvent({ id: "v2" })].map(encodeEvent);

  it("loads a batch of what PutEvents published, in its order", async () => {
    const kept: Delivery[] = [];
    const batch = both.map((text, n) => ({ ...invocation({ event: text }), id: `event-${n}` }));
    await createEventBridgeHandler(aLoader(kept))(batch);
    expect(kept.map(({ deliveryId }) => deliveryId)).toEqual(["event-0", "event-1"]);
    expect(kept.flatMap(contentOf)).toEqual(both);
  });

  it("loads what PutRawEvents published: events without an envelope, in a batch or alone", async () => {
    const kept: Delivery[] = [];
    const handler = createEventBridgeHandler(aLoader(kept));
    await handler([{ event: both[0] }, { op: "DELETE", table: "Vehicle", id: "v1", version: 3 }]);
    await handler({ event: both[1] });
    expect(kept.flatMap(contentOf)).toEqual([
      both[0],
      expect.stringMatching(/op:"?DELETE"?.*version:3/),
      both[1],
    ]);
    expect(new Set(kept.map(({ deliveryId }) => deliveryId)).size).toBe(3);
  });

  it.each([["text"], [7], [null], [[]], [{ orderId: 4 }]])(
    "rejects what is no event, %j, and keeps it for the dead-letter sink",
    async (item) => {
      const kept: Delivery[] = [];
      await createEventBridgeHandler(aLoader(kept))([item, { event: both[0] }]);
      expect(kept).toHaveLength(2);
      expect(reasonOf(kept[0]!)).toBe("malformed-event");
      expect(kept[0]!.body).toBe(JSON.stringify(item));
      expect(contentOf(kept[1]!)).toEqual([both[0]]);
    },
  );

  it("fails the whole batch for one failed event, so that all of it comes again", async () => {
    const handler = createEventBridgeHandler(aLoader([], true));
    await expect(handler(both.map((text) => ({ event: text })))).rejects.toThrow(DeliveriesFailedError);
  });
});

describe("An event without version and position on EventBridge is refused unless that is allowed, and then warned of", () => {
  const unordered = { event: encodeEvent(anEvent({ version: undefined })) };

  it("is rejected, since EventBridge keeps no order and delivers again", async () => {
    expect(contentOf(await deliver(unordered))).toEqual(["order-unknown"]);
    expect(contentOf(await deliver({ event: encodeEvent(anEvent({ position: [1] })) }))).toHaveLength(1);
  });

  it("is loaded where allowUnordered says so, with a warning at the start", async () => {
    const warnings: string[] = [];
    const silent = (): void => undefined;
    const logger: Logger = {
      debug: silent,
      info: silent,
      warn: (_, message) => {
        warnings.push(message);
      },
      error: silent,
    };
    const delivery = await deliver(unordered, { allowUnordered: true, logger });
    expect(contentOf(delivery)).toEqual([unordered.event]);
    expect(warnings).toEqual([expect.stringContaining("old content over new")]);
  });
});
