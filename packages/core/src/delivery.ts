// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "./event";
import type { Rejected } from "./outcome";

/** One envelope from a channel. */
export interface Delivery {
  /** What the channel calls it; reported back as it is. */
  readonly deliveryId: string;
  /**
   * What the channel keeps in order, such as a FIFO queue's message group. Lanes are per record and found after
   * decoding; the group only bounds what must be handed back after a failure. Default: the delivery alone.
   */
  readonly group?: string;
  /**
   * Decodes the delivery, usually with `decodeEvents`. The loader calls it once; what it throws rejects this
   * delivery as `malformed-event` and no other.
   */
  decode(): DeliveryContent;
}

/** What a delivery holds. */
export interface DeliveryContent {
  /** The events, in order. */
  readonly events: readonly DecodedEvent[];
  /** Whether the events are one source transaction, written all or nothing. */
  readonly atomic: boolean;
}

/** An event, or why there is none. */
export type DecodedEvent =
  | { readonly event: RevisionEvent; readonly rejected?: never }
  | { readonly rejected: Rejected; readonly event?: never };
