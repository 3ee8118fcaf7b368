// SPDX-License-Identifier: MIT
import type { Delivery } from "../event/delivery";
import type { EventMapping } from "../event/event-mapping";
import type { Loader } from "./loader";

/**
 * Makes a loader that reads deliveries by a mapping.
 *
 * It goes around `parkFailures`, so that a dead letter keeps the mapped events beside the bytes. A channel that maps its records
 * by options of its own, as those of DMS and DynamoDB do, keeps its own.
 */
export function mapDeliveries(loader: Loader, mapping: EventMapping): Loader {
  return {
    load: (deliveries, options) =>
      loader.load(
        deliveries.map((delivery) => mapped(delivery, mapping)),
        options,
      ),
    close: () => loader.close(),
  };
}

function mapped(delivery: Delivery, { read }: EventMapping): Delivery {
  if (delivery.mapped === true) return delivery;
  return { ...delivery, mapped: true, decode: () => delivery.decode(read) };
}
