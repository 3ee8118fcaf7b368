// SPDX-License-Identifier: MIT
import { type DeliveryContent, InvalidEventError, decodeEvents, requireOrder } from "@ledger-loader/core";

/** What the publisher of this package puts into an entry's `Detail`. */
export interface EventDetail {
  /** For rules to match. */
  readonly op: string;
  /** For rules to match. */
  readonly table: string;
  /** The event as Ion text: JSON would lose types, and Lambda's own parser would round numbers. */
  readonly event: string;
}

/**
 * The text that `decodeEvents` reads, from the `detail` of an EventBridge event.
 *
 * - With a field `event`: its text, as this package's publisher sends it.
 * - With a field `events`: that list, a source transaction.
 * - Else the detail is itself an event in JSON, as programs for the Java loader send it.
 *
 * @throws InvalidEventError if it is none of these, or holds a number that Lambda's runtime has rounded.
 */
export function toBody(detail: unknown): string {
  if (typeof detail !== "object" || detail === null || Array.isArray(detail)) {
    throw new InvalidEventError("detail", "an object", Array.isArray(detail) ? "an array" : typeof detail);
  }
  const { event, events } = detail as { readonly event?: unknown; readonly events?: unknown };
  if (typeof event === "string") return event;
  const value = Array.isArray(events) ? (events as unknown[]) : detail;
  checkNumbers(value);
  return JSON.stringify(value);
}

/**
 * Decodes the `detail` of an EventBridge event.
 *
 * @param allowUnordered whether events with neither version nor position are taken; else they are rejected.
 */
export function decodeDetail(detail: unknown, allowUnordered: boolean): DeliveryContent {
  const content = decodeEvents(toBody(detail));
  return allowUnordered ? content : requireOrder(content, "EventBridge");
}

const DIGITS_SAFE = 15;

/** A double that prints with at most 15 digits is what was written; with more, somebody may have written others. */
function checkNumbers(value: unknown): void {
  if (typeof value === "number") {
    const digits = value.toExponential().replace(/e.*$/, "").replace(/\D/g, "").length;
    const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : digits <= DIGITS_SAFE;
    if (isExact) return;
    throw new InvalidEventError(
      "detail",
      "free of numbers that JSON in Lambda rounds",
      "one with more than 15 digits (send the event as Ion text in a field named event)",
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const each of Object.values(value)) checkNumbers(each);
}
