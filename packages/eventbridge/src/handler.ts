// SPDX-License-Identifier: MIT
import { silentLogger, throwIfFailed, type Delivery, type Loader, type Logger } from "@ledger-loader/core";
import type { EventBridgeEvent } from "aws-lambda";
import { decodeDetail, toBody } from "./decode-detail";

/** A Lambda function for an EventBridge rule; assignable to the `EventBridgeHandler` of `@types/aws-lambda`. */
export type EventBridgeFunction = (event: EventBridgeEvent<string, unknown>) => Promise<void>;

/** How strictly events must bring their own order. */
export interface EventBridgeOptions {
  /**
   * Whether events with neither version nor position are loaded. EventBridge and Lambda deliver in any order and more
   * than once: such an event, delivered late or again, puts old content over new and inserts deleted records anew.
   *
   * @defaultValue `false`
   */
  readonly allowUnordered?: boolean;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/**
 * Loads revision events that an EventBridge rule hands to a Lambda function, one per invocation.
 *
 * The invocation is asynchronous: a function that throws is invoked twice more, then the event is dropped unless the
 * function has an on-failure destination, which MUST be set; so MUST the rule's dead-letter queue. See
 * docs/guides/channels.md#eventbridge.
 */
export function createEventBridgeHandler(
  loader: Loader,
  options: EventBridgeOptions = {},
): EventBridgeFunction {
  const { allowUnordered = false, logger = silentLogger } = options;
  if (allowUnordered) logger.warn({ allowUnordered }, UNORDERED_WARNING);
  return async (event) => {
    throwIfFailed(await loader.load([toDelivery(event, allowUnordered)], { onFailure: "continue" }));
  };
}

function toDelivery(event: EventBridgeEvent<string, unknown>, allowUnordered: boolean): Delivery {
  const sentAtMs = Date.parse(event.time);
  return {
    deliveryId: event.id,
    body: bodyOf(event.detail),
    origin: `${event.source}/${event.id}`,
    ...(Number.isFinite(sentAtMs) && { sentAtMs }),
    decode: () => decodeDetail(event.detail, allowUnordered),
  };
}

/** What `decodeEvents` reads again, or where there is nothing to be read, the detail as it came. */
function bodyOf(detail: unknown): string {
  try {
    return toBody(detail);
  } catch {
    // Told by `decode`, where it rejects the delivery.
    return detail === undefined ? "" : JSON.stringify(detail);
  }
}

const UNORDERED_WARNING =
  "EventBridge delivers in any order and more than once, and events without version or position are allowed: a retry " +
  "will put old content over new and bring deleted records back";
