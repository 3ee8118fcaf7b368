// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  createLoader,
  encodeEvent,
  type Delivery,
  type LoadReport,
  recordKey,
  type Loader,
  type RevisionEvent,
} from "@ledger-loader/core";
import { setTimeout as sleep } from "node:timers/promises";
import { aHistory, anEvent } from "./builders";
import { historiesOf, readHistories } from "./histories";
import { jestApi } from "./jest-api";
import { malformedBodies } from "./malformed-bodies";
import { SimulatedCrashError } from "./sqs-faults";
import { startLedger, type TestLedger } from "./start-ledger";

/** A message for a channel. */
export interface ChannelMessage {
  readonly body: string;
  /** What the channel keeps in order, if it can. */
  readonly group: string;
}

/** What a test asks of a channel. */
export interface ChannelSetup {
  /** Where the channel's handler loads to. */
  readonly loader: Loader;
  /** Messages per invocation of the handler at most. */
  readonly batchSizeMax: number;
  /** Deliveries of a message before it is parked. */
  readonly deliveriesMax: number;
  /** How long a failed message stays away, in seconds; 0: it comes back at once. */
  readonly redeliveryDelaySeconds: number;
}

/** A channel under test: a real transport, or its emulator, with the handler at its end. */
export interface TestChannel {
  /** Sends messages in this order. */
  send(messages: readonly ChannelMessage[]): Promise<void>;
  /** Delivers until every message was acknowledged or parked. */
  drain(): Promise<void>;
  /** Takes what was parked, in the order in which it would be redriven. */
  takeParked(): Promise<readonly ChannelMessage[]>;
  close(): Promise<void>;
}

/** What a channel promises. */
export interface ChannelTraits {
  /** Whether messages of one group arrive one after the other, so that a failed one holds up the next. */
  readonly ordersGroups: boolean;
  /** Whether what no retry can help is parked when it first fails, by `parkFailures`, and not by the channel. Default: `false`. */
  readonly parksAtOnce?: boolean;
  /**
   * Whether the channel's own records carry positions in place of versions: then current state is promised and nothing
   * waits for a revision that is missing, so what the suite says about every revision being put in order does not
   * hold. Default: `false`.
   */
  readonly hasPositions?: boolean;
}

const TABLE = "Vehicle";

/** What each test of the suite works with. */
interface Bench {
  readonly ledger: TestLedger;
  /** Opens a channel to a loader of the test's ledger; `wrap` may put something between them. */
  open(setup?: Partial<ChannelSetup>, wrap?: (loader: Loader) => Loader): Promise<TestChannel>;
  /** Checks that the ledger's history is that of these events, and that nothing else was written. */
  expectHistoriesOf(events: readonly RevisionEvent[]): Promise<void>;
}

/**
 * Describes what every channel owes its users: events end in the ledger once and in order, or parked, and none is
 * acknowledged in silence. Run it for each channel, over a real transport or its emulator.
 */
export function describeChannel(
  name: string,
  traits: ChannelTraits,
  make: (setup: ChannelSetup) => Promise<TestChannel>,
): void {
  const { afterEach, beforeEach, describe } = jestApi();
  describe(name, () => {
    let bench: Bench & { close(): Promise<void> };
    beforeEach(async () => {
      bench = await openBench(make);
    });
    afterEach(() => bench.close());
    const get = (): Bench => bench;
    describeDelivery(get);
    if (traits.hasPositions !== true) {
      if (traits.ordersGroups) describeOrderedGroups(get);
      else describeAnyOrder(get);
    }
    describePoison(get);
    describeFailures(get, traits.parksAtOnce ?? false);
  });
}

function describeDelivery(bench: () => Bench): void {
  const { expect, it } = jestApi();

  it("loads a good batch: several records, updates, deletes, records inserted anew", async () => {
    const events = interleave(
      aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "a" }),
      aHistory(["INSERT", "UPDATE", "DELETE", "INSERT"], { id: "b" }),
      aHistory(["INSERT", "DELETE"], { id: 3 }),
    );
    const channel = await bench().open();
    await channel.send(events.map(toMessage));
    await channel.drain();
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });

  it.each([1, 10])(
    "writes a message that comes more than once only once, in batches of %i",
    async (batchSizeMax) => {
      const history = aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE"]);
      const [first, second, third, last] = history as [
        RevisionEvent,
        RevisionEvent,
        RevisionEvent,
        RevisionEvent,
      ];
      const channel = await bench().open({ batchSizeMax });
      await channel.send(
        [first, first, second, third, second, first, third, last, first, last].map(toMessage),
      );
      await channel.drain();
      await bench().expectHistoriesOf(history);
      expect(await channel.takeParked()).toEqual([]);
    },
  );
}

function describeAnyOrder(bench: () => Bench): void {
  const { expect, it } = jestApi();

  it.each([
    ["within a batch", 10],
    ["across batches", 1],
  ])("puts revisions in order that come in another, %s", async (_where, batchSizeMax) => {
    const events = aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE", "INSERT"]);
    const channel = await bench().open({ batchSizeMax, deliveriesMax: 30 });
    await channel.send(events.toReversed().map(toMessage));
    await channel.drain();
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });
}

function describeOrderedGroups(bench: () => Bench): void {
  const { expect, it } = jestApi();

  it("parks what comes behind a parked revision, and loads all of it once it is redriven", async () => {
    const history = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE", "DELETE"], { id: "a" });
    const other = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "b" });
    const messages = interleave(history, other).map(toMessage);
    const lost = toMessage(history.at(1) ?? anEvent());
    const broken = { body: "{op:", group: lost.group };
    const channel = await bench().open({ batchSizeMax: 3 });
    await channel.send(messages.map((message) => (message.body === lost.body ? broken : message)));
    await channel.drain();
    await bench().expectHistoriesOf([...history.slice(0, 1), ...other]);
    const parked = await channel.takeParked();
    expect(parked).toEqual([broken, ...history.slice(2).map(toMessage)]);
    await channel.send([lost, ...parked.filter(({ body }) => body !== broken.body)]);
    await channel.drain();
    await bench().expectHistoriesOf([...history, ...other]);
    expect(await channel.takeParked()).toEqual([]);
  });
}

function describePoison(bench: () => Bench): void {
  const { expect, it } = jestApi();

  it.each([0, 1, 2, 3, 4])(
    "parks a poison message at position %i of a batch and loads the others",
    async (position) => {
      const events = ["a", "b", "c", "d"].map((id) => anEvent({ id }));
      const poison = { body: "not an event", group: "poison" };
      const channel = await bench().open({ batchSizeMax: 5 });
      await channel.send(events.map(toMessage).toSpliced(position, 0, poison));
      await channel.drain();
      await bench().expectHistoriesOf(events);
      expect(await channel.takeParked()).toEqual([poison]);
    },
  );

  it("parks every kind of malformed message, acknowledges none, and loads what is good among them", async () => {
    const events = interleave(
      aHistory(["INSERT", "UPDATE"], { id: "a" }),
      aHistory(["INSERT", "DELETE"], { id: "b" }),
    );
    const malformed = malformedBodies(TABLE);
    const bad = malformed.map(({ body }, index) => ({ body, group: `bad-${index}` }));
    const reasons = new Set<string>();
    const channel = await bench().open({}, (loader) =>
      wrapLoad(loader, async (load) => {
        const report = await load();
        for (const reason of Object.keys(report.counts.rejected)) reasons.add(reason);
        return report;
      }),
    );
    await channel.send(interleave(bad, events.map(toMessage)));
    await channel.drain();
    await bench().expectHistoriesOf(events);
    expect(bodies(await channel.takeParked()).toSorted()).toEqual(bodies(bad).toSorted());
    expect(reasons).toEqual(new Set(malformed.map(({ reason }) => reason)));
  });

  it("parks an event of a table that does not exist, and loads it once it does", async () => {
    const event = anEvent({ table: "Owner" });
    const channel = await bench().open();
    await channel.send([toMessage(event)]);
    await channel.drain();
    const parked = await channel.takeParked();
    expect(parked).toEqual([toMessage(event)]);
    await bench().ledger.createTable("Owner", ["oldDocumentId"]);
    await channel.send(parked);
    await channel.drain();
    expect(await channel.takeParked()).toEqual([]);
    expect(await readHistories(bench().ledger.connect(), "Owner")).toEqual(historiesOf([event]));
  });
}

function describeFailures(bench: () => Bench, parksAtOnce: boolean): void {
  const { expect, it } = jestApi();

  it("keeps everything while the ledger is away, and loads it when the ledger is back", async () => {
    const events = interleave(
      aHistory(["INSERT", "UPDATE"], { id: "a" }),
      aHistory(["INSERT", "DELETE"], { id: "b" }),
    );
    const channel = await bench().open({ deliveriesMax: 30, redeliveryDelaySeconds: 1 });
    await bench().ledger.stop();
    await channel.send(events.map(toMessage));
    const drained = channel.drain();
    await sleep(500);
    await bench().ledger.restart();
    await drained;
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });

  it("acknowledges the good part of a batch, and tries only the rest again", async () => {
    const delivered: number[] = [];
    const events = ["a", "b", "c", "d"].map((id) => anEvent({ id }));
    const poison = { body: "{op:", group: "poison" };
    const channel = await bench().open({ batchSizeMax: 5, deliveriesMax: 3 }, (loader) =>
      wrapLoad(loader, (load, deliveries) => {
        delivered.push(deliveries.length);
        return load();
      }),
    );
    await channel.send([...events.map(toMessage), poison]);
    await channel.drain();
    expect(delivered.reduce((sum, count) => sum + count, 0)).toBe(events.length + (parksAtOnce ? 1 : 3));
    expect(await channel.takeParked()).toEqual([poison]);
    await bench().expectHistoriesOf(events);
  });

  it("writes nothing twice when the handler crashes between commit and acknowledgement", async () => {
    let crashes = 2;
    const events = interleave(
      aHistory(["INSERT", "UPDATE"], { id: "a" }),
      aHistory(["INSERT", "DELETE"], { id: "b" }),
    );
    const channel = await bench().open({ deliveriesMax: 10 }, (loader) =>
      wrapLoad(loader, async (load) => {
        const report = await load();
        crashes -= 1;
        if (crashes < 0) return report;
        throw new SimulatedCrashError("The handler crashed after its work, as it was asked to.");
      }),
    );
    await channel.send(events.map(toMessage));
    await channel.drain();
    expect(crashes).toBeLessThan(0);
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });
}

async function openBench(
  make: (setup: ChannelSetup) => Promise<TestChannel>,
): Promise<Bench & { close(): Promise<void> }> {
  const { expect } = jestApi();
  const ledger = await startLedger({ tables: { [TABLE]: ["oldDocumentId"] } });
  const channels: TestChannel[] = [];
  return {
    ledger,
    open: async (setup, wrap = (loader) => loader) => {
      const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
      const channel = await make({
        loader: wrap(loader),
        batchSizeMax: 10,
        deliveriesMax: 5,
        redeliveryDelaySeconds: 0,
        ...setup,
      });
      channels.push(channel);
      return channel;
    },
    expectHistoriesOf: async (events) => {
      const found = await readHistories(ledger.connect(), TABLE);
      expect(found).toEqual(historiesOf(events));
    },
    close: async () => {
      await Promise.all(channels.map((channel) => channel.close()));
      await ledger.close();
    },
  };
}

/** Puts something around each call of `load`. */
function wrapLoad(
  loader: Loader,
  around: (load: () => Promise<LoadReport>, deliveries: readonly Delivery[]) => Promise<LoadReport>,
): Loader {
  return {
    load: (deliveries, options) => around(() => loader.load(deliveries, options), deliveries),
    close: () => loader.close(),
  };
}

function toMessage(event: RevisionEvent): ChannelMessage {
  return { body: encodeEvent(event), group: recordKey(event) ?? "" };
}

function bodies(messages: readonly ChannelMessage[]): string[] {
  return messages.map(({ body }) => body);
}

/** Takes from each list in turn, so that records alternate as they do in a journal. */
function interleave<T>(...lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
