// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  type Delivery,
  type EventOp,
  type LoadReport,
  type Loader,
  type RevisionEvent,
  createLoader,
  decodeEvents,
  encodeEvent,
  recordKey,
} from "@ledger-loader/core";
import { aHistory, anEvent } from "../ledger/builders";
import { DELETED, historiesOf, readHistories, type Histories } from "../ledger/histories";
import { jestApi } from "../jest-api";
import { startLedger, type TestLedger } from "../ledger/start-ledger";
import type { ChannelMessage, ChannelSetup, ChannelTraits, TestChannel } from "./test-channel";

/** The table of the suite's events. */
export const TABLE = "Vehicle";

/** For tests in which nothing good is to be parked, however slow the machine is. */
export const PATIENT = { deliveriesMax: 1_000, parkAfterMs: 600_000 } as const;

/** The surroundings of each test of the suite. */
export interface Bench {
  readonly ledger: TestLedger;
  /** Opens a channel to a loader of the test's ledger; `wrap` may put something between them. */
  open(setup?: Partial<ChannelSetup>, wrap?: (loader: Loader) => Loader): Promise<TestChannel>;
  /** The ledger's history of each record. */
  histories(): Promise<Histories>;
  /**
   * Checks that the ledger's history is that of these events, and that nothing else was written. Where the channel keeps
   * no order and current state is promised only, revisions may be left out that a newer one has overtaken.
   */
  expectHistoriesOf(events: readonly RevisionEvent[]): Promise<void>;
}

/** Starts a ledger of its own for a test. */
export async function openBench(
  make: (setup: ChannelSetup) => Promise<TestChannel>,
  { ordersGroups, currentStateOnly }: ChannelTraits,
): Promise<Bench & { close(): Promise<void> }> {
  const { expect } = jestApi();
  const ledger = await startLedger({ tables: { [TABLE]: ["oldDocumentId"] } });
  const channels: TestChannel[] = [];
  const histories = (): Promise<Histories> => readHistories(ledger.connect(), TABLE);
  return {
    ledger,
    histories,
    open: async (setup, wrap = (loader) => loader) => {
      const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
      const channel = await make({
        loader: wrap(loader),
        batchSizeMax: 10,
        deliveriesMax: 5,
        parkAfterMs: 0,
        redeliveryDelaySeconds: 0,
        ...setup,
      });
      channels.push(channel);
      return channel;
    },
    expectHistoriesOf: async (events) => {
      const [found, expected] = [await histories(), historiesOf(events)];
      if (ordersGroups || currentStateOnly === undefined) expect(found).toEqual(expected);
      else expectCurrentState(found, expected);
    },
    close: async () => {
      await Promise.all(channels.map((channel) => channel.close()));
      await ledger.close();
    },
  };
}

/** Checks that each record ends as it must, and that its history holds nothing that is not part of it. */
export function expectCurrentState(found: Histories, expected: Histories): void {
  const { expect } = jestApi();
  expect(currentOf(found)).toEqual(currentOf(expected));
  for (const [record, revisions] of found) {
    const known = expected.get(record) ?? [];
    expect(revisions).toEqual(known.filter((revision) => revisions.includes(revision)));
  }
}

/** The revision with which each record ends; a deleted record is none. */
function currentOf(histories: Histories): ReadonlyMap<string, string | undefined> {
  const current = [...histories].map(([record, revisions]) => [record, revisions.at(-1)] as const);
  return new Map(current.filter(([, revision]) => revision !== DELETED));
}

/** Puts something around each call of `load`. */
export function wrapLoad(
  loader: Loader,
  around: (load: () => Promise<LoadReport>, deliveries: readonly Delivery[]) => Promise<LoadReport>,
): Loader {
  return {
    load: (deliveries, options) => around(() => loader.load(deliveries, options), deliveries),
    close: () => loader.close(),
  };
}

/** The history of a record whose documents hold its id, as rows and items do. */
export function revisionsOf(id: string | number, ops: readonly EventOp[]): RevisionEvent[] {
  return aHistory(ops, { id }).map((event, version) =>
    event.op === "DELETE" ? event : anEvent({ op: event.op, id, version, data: { id, revision: version } }),
  );
}

/** The first revision of a record. */
export function anInsert(id: string, table = TABLE): RevisionEvent {
  return anEvent({ id, table, data: { id, revision: 0 } });
}

/** The message of an event: its record is the group. */
export function toMessage(event: RevisionEvent): ChannelMessage {
  return { body: encodeEvent(event), group: recordKey(event) ?? "" };
}

/** The message of an event in a shard, which is its group too where the channel knows groups only. */
export function toMessageIn(shard: number, event: RevisionEvent): ChannelMessage {
  return { body: encodeEvent(event), group: `shard-${shard}`, shard };
}

export function bodies(messages: readonly ChannelMessage[]): string[] {
  return messages.map(({ body }) => body);
}

/** Takes from each list in turn, so that records alternate as they do in a journal. */
export function interleave<T>(...lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}

/**
 * Sends what was parked again in the order of versions, as a redrive does, and into one shard, so that the order is kept
 * where it can be; until nothing is parked any more. Each time at least one more must be applied.
 */
export async function redrive(channel: TestChannel, messages: readonly ChannelMessage[]): Promise<void> {
  const { expect } = jestApi();
  for (let parked = messages; parked.length > 0;) {
    const inOrder = parked.toSorted((a, b) => versionOf(a) - versionOf(b));
    await channel.send(inOrder.map((message) => ({ ...message, shard: 0 })));
    await channel.drain();
    const left = await channel.takeParked();
    expect(left.length).toBeLessThan(parked.length);
    parked = left;
  }
}

function versionOf({ body }: ChannelMessage): number {
  return decodeEvents(body).events[0]?.event?.version ?? 0;
}
