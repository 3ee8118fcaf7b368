// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { type Delivery, type Loader, type Logger, silentLogger, throwIfFailed } from "@ledger-loader/core";
import type { EventBridgeEvent } from "aws-lambda";
import { decodeDetail, toLetterBody } from "./decode-detail";

/** The input of a subscriber of a Custom Event Bus: a batch of events, or one where `MaxBatchSize` is 1. */
export type SubscriberPayload = readonly unknown[] | object;

/** A Lambda function for EventBridge; assignable to the `EventBridgeHandler` of `@types/aws-lambda`. */
export type EventBridgeFunction = (
  payload: EventBridgeEvent<string, unknown> | SubscriberPayload,
) => Promise<void>;

/** How strictly events must bring their own order. */
export interface EventBridgeOptions {
  /**
   * True if events with neither version nor position are loaded. EventBridge and Lambda deliver in any order and more
   * than once: such an event, delivered late or again, puts old content over new and inserts deleted records anew.
   *
   * @defaultValue `false`
   */
  readonly allowUnordered?: boolean;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/**
 * Loads revision events that EventBridge hands to a Lambda function.
 *
 * - From a rule, one per invocation, asynchronously: a function that throws is invoked twice more, then the event is dropped
 *   unless the function has an on-failure destination, which MUST be set; so MUST the rule's dead-letter queue.
 * - From a subscriber of a Custom Event Bus, one or a list. It MUST invoke with `REQUEST_RESPONSE`: a function that throws
 *   gets all of the list again, and what was written of it is skipped then.
 *
 * An event comes in EventBridge's envelope, or as its detail alone. See docs/guides/load-from-eventbridge.md.
 */
export function createEventBridgeHandler(
  loader: Loader,
  options: EventBridgeOptions = {},
): EventBridgeFunction {
  const { allowUnordered = false, logger = silentLogger } = options;
  if (allowUnordered) logger.warn({ allowUnordered }, UNORDERED_WARNING);
  return async (payload) => {
    const items: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
    const deliveries = items.map((item) =>
      isEnvelope(item) ? fromEnvelope(item, allowUnordered) : fromDetail(item, allowUnordered),
    );
    throwIfFailed(await loader.load(deliveries, { onFailure: "continue" }));
  };
}

type Envelope = EventBridgeEvent<string, unknown>;

function isEnvelope(item: unknown): item is Envelope {
  const { id, source } = Object(item) as Partial<Envelope>;
  return typeof id === "string" && typeof source === "string" && "detail-type" in Object(item);
}

function fromEnvelope({ id, source, time, detail }: Envelope, allowUnordered: boolean): Delivery {
  const sentAtMs = Date.parse(time);
  return {
    deliveryId: id,
    body: toLetterBody(detail),
    origin: `${source}/${id}`,
    sentAtMs: Number.isFinite(sentAtMs) ? sentAtMs : undefined,
    decode: (read) => decodeDetail(detail, allowUnordered, read),
  };
}

/** The detail without its envelope, as `PutRawEvents` and input transformers deliver it: nothing names the delivery. */
function fromDetail(detail: unknown, allowUnordered: boolean): Delivery {
  const id = randomUUID();
  return {
    deliveryId: id,
    body: toLetterBody(detail),
    origin: `no envelope/${id}`,
    decode: (read) => decodeDetail(detail, allowUnordered, read),
  };
}

const UNORDERED_WARNING =
  "EventBridge delivers in any order and more than once, and events without version or position are allowed: a retry " +
  "will put old content over new and bring deleted records back";
