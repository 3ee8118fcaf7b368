// SPDX-License-Identifier: MIT
import type { Publisher, RevisionEvent } from "@ledger-loader/core";
import type { Consignment, ReplayTarget } from "./replay-target";

/** What {@link createPublisherTarget} may be told. */
export interface PublisherTargetOptions {
  /** Makes ready the tables in the ledger at the channel's other end. Default: nothing is made. */
  readonly prepare?: NonNullable<ReplayTarget["prepare"]>;
}

/**
 * Sends events into a channel. They count as `published` when the channel has accepted them; what became of them
 * there is for its consumer to say.
 *
 * A source transaction is sent as its single events.
 */
export function createPublisherTarget(
  publisher: Publisher,
  options: PublisherTargetOptions = {},
): ReplayTarget {
  return {
    ...(options.prepare === undefined ? {} : { prepare: options.prepare }),
    async deliver(consignments) {
      await publisher.publish(eventsOf(consignments));
      return consignments.map(({ content }) => ({
        events: content.events.map((decoded) => decoded.rejected ?? { status: "published" }),
        split: false,
      }));
    },
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- publishers take a stream, and here the events are at hand
async function* eventsOf(consignments: readonly Consignment[]): AsyncGenerator<RevisionEvent> {
  for (const { content } of consignments) {
    for (const { event } of content.events) if (event !== undefined) yield event;
  }
}
