// SPDX-License-Identifier: MIT
import type { DeliveryContent } from "./delivery";

/**
 * For channels whose transport keeps no trailing zeros: lets the numbers of the events be compared with the ledger by value, see
 * `numbersByValue` of a revision event.
 */
export function compareNumbersByValue(content: DeliveryContent): DeliveryContent {
  const events = content.events.map((decoded) =>
    decoded.event === undefined
      ? decoded
      : { event: Object.freeze({ ...decoded.event, numbersByValue: true as const }) },
  );
  return { ...content, events };
}
