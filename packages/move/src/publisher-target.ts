// SPDX-License-Identifier: MIT
import {
  type DecodedEvent,
  EventsRefusedError,
  type Publisher,
  type RefusedEvent,
  type Rejected,
  type RevisionEvent,
  orderingKey,
  rejected,
} from "@ledger-loader/core";
import type { DeliveryEnd, ReplayTarget } from "./replay-target";

/**
 * Sends events into a channel. They count as `published` when the channel has accepted them; what became of them
 * there is for its consumer to say. What the channel refuses for good is rejected as `channel-refused`, and what comes after it in its
 * group as `held-up`, in later calls too; the others are sent.
 *
 * A source transaction is sent as its single events.
 */
export function createPublisherTarget(publisher: Publisher): ReplayTarget {
  const closed = new Set<string>();
  return {
    async deliver(deliveries) {
      const contents = deliveries.map((delivery) => delivery.decode().events);
      const refused = await publishAll(publisher, contents.flatMap(eventsOf), closed);
      return contents.map((events) => ({ events: events.map((each) => endOf(each, refused)), split: false }));
    },
  };
}

function eventsOf(decoded: readonly DecodedEvent[]): readonly RevisionEvent[] {
  return decoded.flatMap(({ event }) => event ?? []);
}

function endOf(
  { event, rejected }: DecodedEvent,
  refused: ReadonlyMap<RevisionEvent, Rejected>,
): DeliveryEnd["events"][number] {
  if (event === undefined) return { outcome: rejected };
  return { event, outcome: refused.get(event) ?? { status: "published" } };
}

/**
 * Publishes events, without those of closed groups; returns what was not published, and why.
 *
 * @param closed groups of which an event was refused; gets those of this call.
 */
async function publishAll(
  publisher: Publisher,
  events: readonly RevisionEvent[],
  closed: Set<string>,
): Promise<ReadonlyMap<RevisionEvent, Rejected>> {
  const heldBack = new Set(events.filter((event) => closed.has(orderingKey(event) ?? "")));
  const outcomes = new Map([...heldBack].map((event) => [event, HELD_UP]));
  try {
    await publisher.publish(each(events.filter((event) => !heldBack.has(event))));
  } catch (error) {
    if (!(error instanceof EventsRefusedError)) throw error;
    for (const event of error.heldBack) outcomes.set(event, HELD_UP);
    for (const refused of error.refused) {
      outcomes.set(refused.event, toRejected(refused));
      const group = orderingKey(refused.event);
      if (group !== undefined) closed.add(group);
    }
  }
  return outcomes;
}

const HELD_UP = rejected(
  "held-up",
  "Expected the channel to take the event before it, which it refused: correct that one, then send both again.",
);

function toRejected({ code, reason }: RefusedEvent): Rejected {
  return rejected(
    "channel-refused",
    `Expected the channel to take the event, found ${code} (${reason}): shorten it, or raise the channel's limit, then send it again.`,
  );
}

// oxlint-disable-next-line typescript/require-await -- publishers take a stream, and here the events are at hand
async function* each(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  yield* events;
}
