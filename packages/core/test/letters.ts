// SPDX-License-Identifier: MIT
import {
  type DeadLetter,
  type Delivery,
  type RevisionEvent,
  decodeEvents,
  encodeEvent,
} from "@ledger-loader/core";

/** A dead letter of which a test names only what matters. */
export function aLetter(fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    channel: "sqs",
    origin: "events/1",
    deliveryId: "1",
    body: "{op:",
    reason: "malformed-event",
    detail: "Expected Ion or JSON, found what is neither.",
    retryable: false,
    parkedAtMs: 1_763_690_000_000,
    ...fields,
  };
}

/** A delivery as a channel makes it: its bytes beside what decodes them. */
export function aDelivery(
  deliveryId: string,
  content: string | readonly RevisionEvent[],
  fields: Partial<Delivery> = {},
): Delivery {
  const body = typeof content === "string" ? content : content.map(encodeEvent).join("\n");
  return { deliveryId, body, origin: `events/${deliveryId}`, decode: () => decodeEvents(body), ...fields };
}
