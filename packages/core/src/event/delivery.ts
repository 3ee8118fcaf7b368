// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "./event";
import type { Rejected } from "./outcome";

/** One envelope from a channel. */
export interface Delivery {
  /** The channel's id of it; reported back as it is. */
  readonly deliveryId: string;
  /**
   * The group that the channel keeps in order, such as a FIFO queue's message group. Lanes are per record and found after
   * decoding; the group only bounds what must be handed back after a failure. Default: the delivery alone.
   */
  readonly group?: string | undefined;
  /**
   * The original bytes, as the channel handed them out: what is parked if the delivery cannot be applied. MUST be all
   * that the channel's decoder needs to decode it again.
   */
  readonly body?: string | Uint8Array | undefined;
  /** The part that came with the bytes and names the record, such as a Kafka key: a dead letter keeps it. */
  readonly beside?: BesideBody | undefined;
  /**
   * True if a mapping or other options of the channel turn the bytes into events. A dead letter then keeps the events
   * beside the bytes, so that a redrive needs none of them. Default: `decodeEvents` or a decoder without options reads them.
   */
  readonly mapped?: boolean;
  /** Where it stood in the channel: `shardId-000000000001/4959…`, `topic-0@42`. Never holds an id of a record. */
  readonly origin?: string;
  /** The shard or partition that a consumer read it from, by the name of its `ShardStatus`. */
  readonly shardId?: string | undefined;
  /** When the channel accepted it, in milliseconds since 1970: lag is counted from here. */
  readonly sentAtMs?: number | undefined;
  /** When the channel first handed it out, where it keeps count, as SQS does. */
  readonly firstReceivedAtMs?: number;
  /**
   * Decodes the delivery, usually with `decodeEvents`. The loader calls it once; what it throws rejects this
   * delivery as `malformed-event` and no other.
   *
   * @param read - reads the bytes in place of `decodeEvents`, once the channel's own envelope is taken off. A channel whose
   * records need a decoder of their own ignores it.
   */
  decode(read?: BodyReader): DeliveryContent;
}

/** Turns bytes, and what came beside them, into events: what a mapping does. */
export type BodyReader = (body: string | Uint8Array, beside?: BesideBody) => DeliveryContent;

/** Bytes as people can read them: text where they are UTF-8, else base64. */
export type ReadableBytes = { readonly utf8: string } | { readonly base64: string };

/** The data that a channel delivers next to a body. It may be personal data. */
export interface BesideBody {
  readonly key?: ReadableBytes;
  readonly headers?: readonly (ReadableBytes & { readonly name: string })[];
}

/** The content of a delivery. */
export interface DeliveryContent {
  /** The events, in order. */
  readonly events: readonly DecodedEvent[];
  /** True if the events are one source transaction, written all or nothing. */
  readonly atomic: boolean;
}

/** An event, or why there is none. */
export type DecodedEvent =
  | { readonly event: RevisionEvent; readonly rejected?: never }
  | { readonly rejected: Rejected; readonly event?: never };
