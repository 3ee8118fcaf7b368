// SPDX-License-Identifier: MIT
import { InvalidEventError, type Position } from "@ledger-loader/core";
import { quoted } from "@ledger-loader/errors";
import { itemOf, text, type JsonItem } from "./attribute-value";

/** A change of an item. */
export type ChangeName = "INSERT" | "MODIFY" | "REMOVE";

const CHANGE_NAMES: readonly ChangeName[] = ["INSERT", "MODIFY", "REMOVE"];

/** One change of one item, whichever stream told it. */
export interface ItemChange {
  readonly name: ChangeName;
  /** The table in DynamoDB. */
  readonly table: string;
  readonly keys: JsonItem;
  /** The item after the change; absent where it was removed, or the stream does not carry it. */
  readonly newImage?: JsonItem | undefined;
  /** The item before the change, where the stream carries it. */
  readonly oldImage?: JsonItem | undefined;
  /** True if DynamoDB removed the item because it had expired. Never true in a replica of a global table. */
  readonly isExpiry: boolean;
  /** Where the table's change log stood. */
  readonly position: Position;
}

// A view without the new image cannot be loaded; with a view that has it, every INSERT and MODIFY carries one.
const VIEWS_WITH_NEW_IMAGE: readonly unknown[] = ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"];

/** True if a stream of this view type tells what an item became. */
export function hasNewImage(viewType: unknown): boolean {
  return VIEWS_WITH_NEW_IMAGE.includes(viewType);
}

/**
 * Reads a record of DynamoDB Streams in the form in which Lambda gets it, with the ARN of its stream.
 *
 * @throws InvalidEventError if it is none, or of a view type without the new image.
 */
export function readStreamRecord(value: unknown, epoch: number): ItemChange {
  const record = itemOf(value, "the record");
  const change = itemOf(record["dynamodb"], "dynamodb");
  const { table, createdAtMs } = parseStreamArn(text(record["eventSourceARN"]));
  const viewType = change["StreamViewType"];
  if (!hasNewImage(viewType)) {
    const found = typeof viewType === "string" ? quoted(viewType) : "none";
    throw new InvalidEventError("StreamViewType", "NEW_IMAGE or NEW_AND_OLD_IMAGES", found);
  }
  const sequenceNumber = text(change["SequenceNumber"]);
  if (!/^\d{1,50}$/.test(sequenceNumber)) {
    throw new InvalidEventError("SequenceNumber", "digits", `${sequenceNumber.length} characters`);
  }
  // The label first: a stream that is switched off and on again counts anew.
  const position = [BigInt(epoch), BigInt(createdAtMs), BigInt(sequenceNumber)];
  return { ...readChange(record, change), table, position };
}

/**
 * Reads a record that DynamoDB put into a Kinesis data stream. Its only order is the time of the change.
 *
 * @throws InvalidEventError if it is none.
 */
export function readKinesisRecord(value: unknown, epoch: number): ItemChange {
  const record = itemOf(value, "the record");
  const change = itemOf(record["dynamodb"], "dynamodb");
  const position = [BigInt(epoch), toMicroseconds(change)];
  return { ...readChange(record, change), table: text(record["tableName"]), position };
}

/** A stream's table and the time at which the stream was switched on, from `arn:…:table/NAME/stream/LABEL`. */
function parseStreamArn(arn: string): {
  readonly table: string;
  readonly label: string;
  readonly createdAtMs: number;
} {
  const [, table = "", label = ""] = /:table\/([^/]+)\/stream\/([^/]+)$/.exec(arn) ?? [];
  const createdAtMs = Date.parse(`${label}Z`);
  if (Number.isNaN(createdAtMs)) {
    throw new InvalidEventError(
      "eventSourceARN",
      "the ARN of a table's stream, which ends in its label",
      "another",
    );
  }
  return { table, label, createdAtMs };
}

function readChange(record: JsonItem, change: JsonItem): Omit<ItemChange, "table" | "position"> {
  const name = CHANGE_NAMES.find((each) => each === record["eventName"]);
  if (name === undefined) {
    throw new InvalidEventError("eventName", CHANGE_NAMES.join(", "), "another", "unsupported-operation");
  }
  const newImage = findImage(change, "NewImage");
  const oldImage = findImage(change, "OldImage");
  if (name !== "REMOVE" && newImage === undefined) {
    throw new InvalidEventError("NewImage", "the item after the change", "none");
  }
  return {
    name,
    keys: itemOf(change["Keys"], "Keys"),
    newImage,
    oldImage,
    isExpiry: name === "REMOVE" && isTimeToLive(record["userIdentity"]),
  };
}

function findImage(change: JsonItem, name: string): JsonItem | undefined {
  const image = change[name];
  return image === undefined || image === null ? undefined : itemOf(image, name);
}

/** Lambda and Kinesis write the names in lower case, the API of the streams and DynamoDB Local in upper case. */
function isTimeToLive(identity: unknown): boolean {
  if (typeof identity !== "object" || identity === null) return false;
  const { type, Type, principalId, PrincipalId } = identity as Readonly<Record<string, unknown>>;
  return (type ?? Type) === "Service" && (principalId ?? PrincipalId) === "dynamodb.amazonaws.com";
}

function toMicroseconds(change: JsonItem): bigint {
  const time = change["ApproximateCreationDateTime"];
  const precision = change["ApproximateCreationDateTimePrecision"] ?? "MILLISECOND";
  if (!Number.isSafeInteger(time) || (precision !== "MICROSECOND" && precision !== "MILLISECOND")) {
    throw new InvalidEventError(
      "ApproximateCreationDateTime",
      "an int of microseconds or milliseconds, as its precision says",
      "something else",
      "order-unknown",
    );
  }
  return BigInt(time as number) * (precision === "MICROSECOND" ? 1n : 1000n);
}
