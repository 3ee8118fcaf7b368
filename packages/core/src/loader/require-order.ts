// SPDX-License-Identifier: MIT
import type { DecodedEvent, DeliveryContent } from "../event/delivery";
import { rejected } from "../event/outcome";

/**
 * For channels that keep no order and deliver more than once: rejects events that carry neither version nor position, as
 * `order-unknown`.
 *
 * @param channel what the message calls it, such as `SNS`.
 */
export function requireOrder(content: DeliveryContent, channel: string): DeliveryContent {
  return { ...content, events: content.events.map((decoded) => requireOrderOf(decoded, channel)) };
}

function requireOrderOf(decoded: DecodedEvent, channel: string): DecodedEvent {
  const { event } = decoded;
  if (event === undefined || event.version !== undefined || event.position !== undefined) return decoded;
  return {
    rejected: rejected(
      "order-unknown",
      `Expected a version or a position, found neither, and ${channel} keeps no order. Add one at the source, use an ` +
        "SQS FIFO queue, or set ALLOW_UNORDERED=true (allowUnordered in programs and deployments) and accept that a retry puts " +
        "old content over new.",
    ),
  };
}
