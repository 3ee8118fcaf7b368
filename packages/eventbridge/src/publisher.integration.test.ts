// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, it } from "@jest/globals";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  EventsRefusedError,
  type Publisher,
  type RevisionEvent,
  decodeEvents,
  encodeEvent,
  recordKey,
} from "@ledger-loader/core";
import {
  createEventBridgePublisher,
  EventBusUnavailableError,
  rulePattern,
  type EventBridgePublisherOptions,
} from "@ledger-loader/eventbridge";
import {
  aHistory,
  anEvent,
  startEventBridge,
  type EventBridgeEmulator,
  type PutFault,
} from "@ledger-loader/testkit";
import { toPattern } from "../test/event-bridge-channel";

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function open(
  faultOf: (call: number) => PutFault | undefined = () => undefined,
  options: Partial<EventBridgePublisherOptions> = {},
): Promise<{
  readonly bus: EventBridgeEmulator;
  readonly client: EventBridgeClient;
  readonly publisher: Publisher;
  readonly arrived: string[];
}> {
  const bus = await startEventBridge({ faultOf });
  // One attempt: the SDK must not repair by itself what is to be observed.
  const client = new EventBridgeClient({ ...bus.clientConfig, maxAttempts: 1 });
  opened.push(async () => {
    client.destroy();
    await bus.close();
  });
  const arrived: string[] = [];
  bus.addRule(toPattern(rulePattern()), (event) => {
    arrived.push((event as { detail: { event: string } }).detail.event);
  });
  return {
    bus,
    client,
    arrived,
    publisher: createEventBridgePublisher({ client, retryDelayMs: 1, ...options }),
  };
}

// oxlint-disable-next-line typescript/require-await -- the publisher takes an async iterable
async function* each(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  yield* events;
}

const records = (count: number): RevisionEvent[] =>
  Array.from({ length: count }, (_, i) => anEvent({ id: `v${i}` }));
const texts = (events: readonly RevisionEvent[]): string[] => events.map(encodeEvent).toSorted();

describe("The EventBridge publisher, with the AWS SDK against a PutEvents endpoint", () => {
  it("puts every event, ten per request, exactly", async () => {
    const { bus, publisher, arrived } = await open();
    const events = records(25);
    const progress: number[] = [];
    const report = await publisher.publish(each(events), (published) => progress.push(published));
    expect(report).toEqual({ published: 25, retries: 0 });
    expect(arrived.toSorted()).toEqual(texts(events));
    expect(bus.requests.map((request) => request.length).toSorted((a, b) => b - a)).toEqual([10, 10, 5]);
    expect(progress.at(-1)).toBe(25);
  });

  it("lets rules match by table and operation", async () => {
    const { bus, publisher } = await open();
    const owners: unknown[] = [];
    bus.addRule(toPattern(rulePattern({ tables: ["Owner"] })), (event) => owners.push(event));
    await publisher.publish(each([anEvent(), anEvent({ table: "Owner" })]));
    expect(owners).toMatchObject([{ detail: { op: "INSERT", table: "Owner" } }]);
  });

  it("keeps types and digits that JSON would lose", async () => {
    const { publisher, arrived } = await open();
    const event = decodeEvents(
      `{op:"INSERT",table:T,id:12345678901234567890,version:0,data:{a:1.50,b:2020-01-01T,c:{{AAE=}},d:"\uD83D\uDE00"}}`,
    ).events[0]!.event!;
    await publisher.publish(each([event]));
    expect(arrived.map((text) => encodeEvent(decodeEvents(text).events[0]!.event!))).toEqual([
      encodeEvent(event),
    ]);
  });

  it("puts the next event of a record only once the one before was accepted", async () => {
    let throttled = 0;
    const { publisher, arrived } = await open(() => ({
      // The first event of each record is refused now and then.
      refuse: (detail) =>
        detail.includes("version:0") && throttled++ % 2 === 0 ? "ThrottlingException" : undefined,
    }));
    const histories = ["a", "b", "c"].map((id) => aHistory(["INSERT", "UPDATE", "UPDATE"], { id }));
    const report = await publisher.publish(each(histories.flat()));
    expect(report).toMatchObject({ published: 9 });
    expect(report.retries).toBeGreaterThan(0);
    const order = arrived.map((text) => decodeEvents(text).events[0]!.event!);
    for (const history of histories) {
      const ofRecord = order.filter((event) => recordKey(event) === recordKey(history[0]!));
      expect(ofRecord.map(({ version }) => version)).toEqual([0, 1, 2]);
    }
  });

  it.each(["before", "after"] as const)("puts a request again that failed %s it was done", async (fail) => {
    const { publisher, arrived } = await open((call) => (call === 0 ? { fail } : undefined));
    const events = records(3);
    expect(await publisher.publish(each(events))).toEqual({ published: 3, retries: 1 });
    expect(new Set(arrived)).toEqual(new Set(texts(events)));
    expect(arrived).toHaveLength(fail === "before" ? 3 : 6);
  });

  it("names what is refused for good, holds back what comes after it, and puts all others", async () => {
    const { publisher, arrived } = await open(() => ({
      refuse: (detail) =>
        detail.includes(String.raw`id:\"bad\"`) ? "NotAuthorizedForSourceException" : undefined,
    }));
    const bad = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "bad" });
    const good = aHistory(["INSERT", "UPDATE"], { id: "good" });
    const error = await failureOf(publisher.publish(each([...bad, ...good])));
    expect(error).toBeInstanceOf(EventsRefusedError);
    expect(error).toMatchObject({
      refused: [{ event: bad[0], code: "NotAuthorizedForSourceException" }],
      heldBack: bad.slice(1),
      published: 2,
    });
    expect(arrived.toSorted()).toEqual(texts(good));
  });

  it("refuses an event without version and position before it is put, unless that is allowed", async () => {
    const unordered = anEvent({ version: undefined });
    const { publisher } = await open();
    const error = await failureOf(publisher.publish(each([unordered])));
    expect(error).toMatchObject({ refused: [{ code: "OrderUnknown" }], published: 0 });
    const allowing = await open(undefined, { allowUnordered: true });
    expect(await allowing.publisher.publish(each([unordered]))).toMatchObject({ published: 1 });
  });

  it("keeps requests below 1 MB, and refuses an entry that is larger alone", async () => {
    const { bus, publisher } = await open();
    const big = (id: string, kilobytes: number): RevisionEvent =>
      anEvent({ id, data: { text: "ä".repeat(kilobytes * 512) } });
    const events = [...["a", "b", "c", "d", "e"].map((id) => big(id, 400)), big("f", 1_024)];
    const error = await failureOf(publisher.publish(each(events)));
    expect(error).toMatchObject({ refused: [{ code: "EntryTooLarge" }], published: 5 });
    // Several requests are under way at once, and arrive in any order.
    expect(bus.requests.map((request) => request.length).toSorted((a, b) => b - a)).toEqual([2, 2, 1]);
  });

  it("gives up after the last attempt, and says that publishing again is safe", async () => {
    const { publisher } = await open(() => ({ refuse: () => "InternalFailure" }), { attemptsMax: 3 });
    const error = await failureOf(publisher.publish(each(records(2))));
    expect(error).toBeInstanceOf(EventBusUnavailableError);
    expect(error).toMatchObject({ retryable: true });
    expect((error as Error).message).toContain("3 times (InternalFailure)");
  });

  it("gives up at once where trying again is of no use", async () => {
    const { bus, publisher } = await open(undefined, { requestBytesMax: 5_000_000 });
    const error = await failureOf(
      publisher.publish(each([anEvent({ data: { text: "x".repeat(1_100_000) } })])),
    );
    expect(error).toMatchObject({ name: "ValidationException" });
    expect(bus.requests).toHaveLength(1);
  });

  it("takes a connection that was lost for one that may come back", async () => {
    const { publisher, arrived, client } = await open();
    let calls = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        calls += 1;
        if (calls === 1) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        return next(args);
      },
      { step: "initialize" },
    );
    expect(await publisher.publish(each(records(1)))).toEqual({ published: 1, retries: 1 });
    expect(arrived).toHaveLength(1);
  });
});

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
