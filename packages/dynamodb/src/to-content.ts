// SPDX-License-Identifier: MIT
import {
  type DeliveryContent,
  type EventFields,
  type EventOp,
  InvalidEventError,
  type RevisionEvent,
  createEvent,
  decodeEvents,
} from "@ledger-loader/core";
import { bytes, itemOf, text, toIonStruct } from "./attribute-value";
import type { DynamoDbContext } from "./dynamodb-options";
import type { ItemChange } from "./item-change";
import { toItemId } from "./item-id";

/**
 * The operation of an item's change.
 *
 * @throws InvalidEventError if it cannot be told.
 */
export function toContent(change: ItemChange, context: DynamoDbContext): DeliveryContent {
  if (context.eventAttribute !== undefined) return toOutboxContent(change, context.eventAttribute);
  if (change.isExpiry) return toExpiryContent(change, context);
  return { events: [{ event: toEvent(change, context) }], atomic: false };
}

/** DynamoDB keeps no trailing zeros: what another channel brought as `1.50` is the same number here. */
function toEvent(change: ItemChange, context: DynamoDbContext): RevisionEvent {
  const { modifyAs, sets } = context;
  // Where the order of changes is not kept, the first one to come begins the record, whatever it was.
  const insertAs: EventOp = modifyAs === "ANY" ? "ANY" : "INSERT";
  const op: EventOp = change.name === "REMOVE" ? "DELETE" : change.name === "MODIFY" ? modifyAs : insertAs;
  const data = change.newImage && op !== "DELETE" ? toIonStruct(change.newImage, sets) : undefined;
  return createEvent({ ...placeOf(change, context), op, data, numbersByValue: true });
}

function toExpiryContent(change: ItemChange, context: DynamoDbContext): DeliveryContent {
  const { expiry, sets, logger } = context;
  const place = placeOf(change, context);
  const deletion = createEvent({ ...place, op: "DELETE" });
  if (expiry === "delete") return { events: [{ event: deletion }], atomic: false };
  if (expiry === "ignore") {
    logger.info({ table: place.table }, "expiry ignored: the record stays");
    return { events: [], atomic: false };
  }
  if (change.oldImage === undefined) {
    throw new InvalidEventError("OldImage", "the expired item, to be archived", "none (view type NEW_IMAGE)");
  }
  const data = toIonStruct(change.oldImage, sets);
  const archived = createEvent({ ...place, table: expiry.archiveTo, op: "ANY", data, numbersByValue: true });
  return { events: [{ event: deletion }, { event: archived }], atomic: true };
}

function placeOf(
  { table, keys, position }: ItemChange,
  { tables }: DynamoDbContext,
): Pick<EventFields, "id" | "position"> & { readonly table: string } {
  const target = Object.hasOwn(tables, table) ? tables[table] : undefined;
  return { table: target ?? table, id: toItemId(keys), position };
}

function toOutboxContent({ name, newImage }: ItemChange, attribute: string): DeliveryContent {
  // An outbox is emptied by expiry or by whoever fills it: that an item goes says nothing about its event.
  if (name === "REMOVE") return { events: [], atomic: false };
  if (name === "MODIFY") {
    throw new InvalidEventError("an item of the outbox", "never changed", "MODIFY", "unsupported-operation");
  }
  const value = itemOf(newImage?.[attribute], `attribute ${attribute}`);
  return decodeEvents("B" in value ? bytes(value["B"]) : text(value["S"]));
}
