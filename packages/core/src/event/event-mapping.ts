// SPDX-License-Identifier: MIT
import type { BodyReader, DecodedEvent, DeliveryContent } from "./delivery";
import { encodeEvent } from "./encode-event";
import { InvalidEventError } from "./invalid-event-error";
import { rejected } from "./outcome";

/** Turns records of another form into events. The `mapping` package makes it from a preset or a mapping file. */
export interface EventMapping {
  /** The preset or file, for messages. */
  readonly name: string;
  /**
   * Reads a record. MUST be deterministic: a redelivery is recognized by what this returns for it.
   *
   * @throws InvalidEventError, which rejects the delivery.
   */
  readonly read: BodyReader;
}

/** Maps events that a channel has decoded already: the mapping reads each one as Ion text. */
export function mapContent({ events, atomic }: DeliveryContent, read: BodyReader): DeliveryContent {
  const contents = events.map((decoded) => mapEvent(decoded, read));
  return {
    events: contents.flatMap((content) => content.events),
    atomic: atomic || contents.some((content) => content.atomic),
  };
}

function mapEvent(decoded: DecodedEvent, read: BodyReader): DeliveryContent {
  if (decoded.event === undefined) return { events: [decoded], atomic: false };
  try {
    return read(encodeEvent(decoded.event));
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return { events: [{ rejected: rejected(error.reason, error.message) }], atomic: false };
  }
}
