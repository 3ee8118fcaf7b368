// SPDX-License-Identifier: MIT
import type { Delivery, DeliveryContent } from "./delivery";
import { InvalidEventError } from "./invalid-event-error";
import { rejected, type Rejected } from "./outcome";

/** Decodes a delivery. What its `decode` throws becomes the one `rejected` outcome of the delivery, without its content. */
export function decodeDelivery(delivery: Delivery): DeliveryContent {
  try {
    return delivery.decode();
  } catch (error) {
    return { atomic: false, events: [{ rejected: toMalformed(error) }] };
  }
}

function toMalformed(error: unknown): Rejected {
  if (error instanceof InvalidEventError) return rejected(error.reason, error.message);
  // Other errors may repeat parts of the body in their message.
  const found = error instanceof Error ? error.name : typeof error;
  return rejected(
    "malformed-event",
    `Expected a decodable delivery, found ${found}. Correct it at its source.`,
  );
}
