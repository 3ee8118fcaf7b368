// SPDX-License-Identifier: MIT
import type { Delivery, DeliveryContent } from "../event/delivery";
import { encodeEvent, encodeSourceTransaction } from "../event/encode-event";

/** The decoded contents of a batch's deliveries, where their dead letters keep them. */
export interface DecodedContents {
  /** The deliveries to load in place of those given. */
  readonly watched: readonly Delivery[];
  /** The events of a delivery as a dead letter keeps them; `undefined` where it keeps none. */
  eventsOf(index: number): string | undefined;
}

/** Watches what deliveries are decoded to, before anything is masked: a redrive masks by itself. */
export function watchDecoding(deliveries: readonly Delivery[]): DecodedContents {
  const contents = new Map<number, DeliveryContent>();
  const watched = deliveries.map((delivery, index) => {
    if (delivery.mapped !== true) return delivery;
    const decode = (): DeliveryContent => {
      const content = delivery.decode();
      contents.set(index, content);
      return content;
    };
    return { ...delivery, decode };
  });
  return {
    watched,
    eventsOf: (index) => {
      const content = contents.get(index);
      return content && encodeContent(content);
    },
  };
}

/** Text that `decodeEvents` reads as the same content; `undefined` where a part of it could not be decoded. */
function encodeContent({ events, atomic }: DeliveryContent): string | undefined {
  const decoded = events.flatMap(({ event }) => event ?? []);
  if (decoded.length === 0 || decoded.length < events.length) return undefined;
  return atomic ? encodeSourceTransaction(decoded) : decoded.map(encodeEvent).join("\n");
}
