// SPDX-License-Identifier: MIT
import type { BesideBody } from "../event/delivery";
import type { RejectReason } from "../event/outcome";

/** A delivery that could not be applied: its original bytes, why, and where it stood. */
export interface DeadLetter {
  /** The channel it came over, such as `sqs`: names the decoder of `body`. */
  readonly channel: string;
  /** Where it stood in the channel; the delivery's own id where the channel has nothing better. */
  readonly origin: string;
  readonly deliveryId: string;
  /** The delivery as it came. It may be personal data. */
  readonly body: string | Uint8Array;
  /**
   * The events that `body` was decoded to, as `decodeEvents` reads them: for channels whose decoder needs a mapping or
   * other options. Absent where it could not be decoded, or was corrected since.
   */
  readonly events?: string | undefined;
  /** The data that came next to the body, such as a Kafka key. */
  readonly beside?: BesideBody | undefined;
  /** Why its first event that was not applied was rejected. `not-recorded`: someone else parked it. */
  readonly reason: RejectReason | "not-recorded";
  /** Expected, found, and what to do next. Never holds content of documents. */
  readonly detail: string;
  /** True if it can be applied later without anybody changing it. */
  readonly retryable: boolean;
  /** The revision that has to come first, for `version-gap`. */
  readonly waitingFor?: AwaitedRevision | undefined;
  /** When the channel accepted it, in milliseconds since 1970. */
  readonly sentAtMs?: number | undefined;
  /** When it was parked, in milliseconds since 1970. */
  readonly parkedAtMs: number;
}

/** The revision that a parked one waits for. */
export interface AwaitedRevision {
  readonly table: string;
  /** The record's id as Ion text. */
  readonly id: string;
  readonly version: number;
}

/** Where deliveries are kept that could not be applied. */
export interface DeadLetterSink {
  /**
   * Keeps the letters; when the promise resolves, they MUST be durable.
   *
   * The same letter MAY come again, after a crash between parking and acknowledgement.
   *
   * @throws ParkingFailedError naming those that were not taken; any other error stands for all of them.
   */
  park(letters: readonly DeadLetter[]): Promise<void>;
}
