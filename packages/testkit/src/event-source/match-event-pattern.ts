// SPDX-License-Identifier: MIT

/** An event pattern: lists of the values that a field may have, nested as the event is. */
export interface EventPattern {
  readonly [field: string]: readonly (string | number | boolean | null)[] | EventPattern;
}

/**
 * True if an event matches a pattern of an EventBridge rule: every field of the pattern is there with one of its values
 * ([event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)).
 *
 * Only matching by equal values is known, not the operators such as `prefix`.
 */
export function matchesEventPattern(event: unknown, pattern: EventPattern): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value =
      typeof event === "object" && event !== null ? (event as Record<string, unknown>)[field] : undefined;
    if (!isValues(wanted)) return matchesEventPattern(value, wanted);
    // Of a list, one element that matches is enough.
    const values: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
    return values.some((each) => wanted.some((one) => one === each));
  });
}

function isValues(wanted: EventPattern[string]): wanted is readonly (string | number | boolean | null)[] {
  return Array.isArray(wanted);
}
