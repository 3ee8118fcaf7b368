// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { BASE64 } from "./foreign-body";
import { textOf } from "./text-of";

const DEBEZIUM = "a change of Debezium (set MAPPING=debezium, or --mapping debezium)";

/** Records that reach a loader by mistake or without a mapping, by fields of which at least one is none of an event. */
const FORMS: readonly (readonly [fields: readonly string[], found: string])[] = [
  [["schema", "payload"], DEBEZIUM],
  [["op", "source", "before"], DEBEZIUM],
  [["op", "source", "after"], DEBEZIUM],
  [["database", "table", "type"], "a change of Maxwell (set MAPPING=maxwell, or --mapping maxwell)"],
  [["data", "metadata"], "a record of AWS DMS (load it with the DMS function, or set MAPPING=dms)"],
  [
    ["dynamodb", "eventName"],
    "a record of DynamoDB Streams (load it with its function, or set MAPPING=dynamodb)",
  ],
  [["qldbStreamArn", "recordType"], "a record of a QLDB stream (load it with the function of QLDB streams)"],
  [["TopicArn", "Message"], "a notification of SNS that cannot be unwrapped"],
  [["detail-type", "source"], "an event of EventBridge that lacks detail or another field of its envelope"],
  [["requestPayload"], "Lambda's record of a failed invocation (give the queue to redrive)"],
  [["logGroup", "logEvents"], "log lines of CloudWatch Logs (remove the subscription)"],
  [["Service", "Event", "Bucket"], "the test message of S3's notifications (remove the notification)"],
];

/**
 * Names a value that is no event but can be recognized, with what helps; `undefined` for every other value. Never repeats content.
 */
export function foreignRecord(value: dom.Value): string | undefined {
  if (value.isNull()) return undefined;
  if (value instanceof dom.Struct) return foreignStruct(value);
  const text = textOf(value);
  if (text === undefined) return undefined;
  if (/^\s*[{[]/.test(text)) return "a string that holds JSON (encode the event once, not twice)";
  return BASE64.test(text) ? "text in base64 (send the event itself)" : undefined;
}

function foreignStruct(struct: dom.Struct): string | undefined {
  const names = new Set(struct.fieldNames());
  // An event with a field too many: the field is what is wrong.
  if (names.has("op") && names.has("table")) return undefined;
  const [, found] = FORMS.find(([fields]) => fields.every((name) => names.has(name))) ?? [];
  if (found !== undefined) return found;
  const source = textOf(struct.get("eventSource"));
  if (source !== undefined)
    return `a record${ofSource(source)}, as EventBridge Pipes sends it (let the pipe's input template pass on the event alone)`;
  return names.has("Records") ? foreignRecords(struct.get("Records")) : undefined;
}

/** A notification of S3, or what Lambda gives a function. */
function foreignRecords(records: dom.Value | null): string {
  const [first] = records instanceof dom.List ? records.elements() : [];
  const source =
    first instanceof dom.Struct ? textOf(first.get("eventSource") ?? first.get("EventSource")) : "";
  if (source === "aws:s3") return "a notification of S3 (remove the notification, or send events)";
  return `a list of records${ofSource(source ?? "")}, as a function gets it (send the events alone)`;
}

/** Only a name that is one of AWS's. */
function ofSource(source: string): string {
  return /^(aws:[a-z0-9]{1,20}|SelfManagedKafka)$/.test(source) ? ` of ${source}` : "";
}
