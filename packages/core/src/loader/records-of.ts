// SPDX-License-Identifier: MIT
import { InvalidEventError } from "../event/invalid-event-error";

/**
 * The records that Lambda hands to a function of an event source.
 *
 * @param source what the message calls it, such as `SQS`.
 * @throws InvalidEventError saying what was expected and what came, where something else invokes the function.
 */
export function recordsOf<R>(payload: { readonly Records: readonly R[] }, source: string): readonly R[] {
  // A function may be invoked with anything.
  const found: unknown = payload;
  const records = (Object(found) as { readonly Records?: unknown }).Records;
  if (Array.isArray(records)) {
    checkSource(records[0], source);
    return payload.Records;
  }
  throw new InvalidEventError(
    "the payload",
    `an event of ${source}, an object with a list Records`,
    describePayload(found),
  );
}

/** The sources of records by their names in Lambda. */
const SOURCES: Readonly<Record<string, string>> = {
  "aws:sqs": "SQS",
  "aws:sns": "SNS",
  "aws:kinesis": "Kinesis",
  "aws:dynamodb": "DynamoDB Streams",
};

/** A function that is connected to another source fails with the names of both. */
function checkSource(record: unknown, source: string): void {
  const { eventSource, EventSource } = Object(record) as {
    readonly eventSource?: unknown;
    readonly EventSource?: unknown;
  };
  const found = SOURCES[String(eventSource ?? EventSource)];
  if (found === undefined || found === source) return;
  const where = `records of ${found} (connect that source to its own function)`;
  throw new InvalidEventError("the payload", `an event of ${source}`, where);
}

/** A description of the value in place of an event; never its content. */
export function describePayload(found: unknown): string {
  if (found === null) return "null";
  if (found === undefined) return "nothing";
  if (Array.isArray(found)) {
    return "an array, as EventBridge Pipes sends it (connect the source to the function by an event source mapping)";
  }
  if (typeof found !== "object") return `a ${typeof found}`;
  return Object.keys(found).length === 0 ? "an empty object" : "another object";
}
