// SPDX-License-Identifier: MIT
import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import type { DeadLetter } from "@ledger-loader/core";
import type { Random, RowMessage, ShardRecord } from "@ledger-loader/testkit/simulation";
import type { DynamoDBRecord } from "aws-lambda";

/** A change of an item, as the text that a simulated stream carries. */
interface ItemChange {
  readonly name: string;
  readonly id: string;
  readonly n: number;
}

const ITEMS = 6;
const CHANGES = 32;

/** The changes of a table's items, in order, among records of a kind that nobody knows. */
export function randomItems(random: Random): readonly RowMessage[] {
  const there = new Set<string>();
  const messages = Array.from({ length: CHANGES }, (_, n) => {
    const id = `p${random.below(ITEMS)}`;
    const name = !there.has(id) ? "INSERT" : random.chance(0.25) ? "REMOVE" : "MODIFY";
    if (name === "REMOVE") there.delete(id);
    else there.add(id);
    return toMessage({ name, id, n }, false);
  });
  for (let n = 0; n < 3; n++) {
    const poison = toMessage({ name: "PURGE", id: `p${random.below(ITEMS)}`, n: -n }, true);
    if (random.chance(0.3)) messages.splice(random.below(messages.length), 0, poison);
  }
  return messages;
}

function toMessage(change: ItemChange, isPoison: boolean): RowMessage {
  const { name, id, n } = change;
  const state = {
    table: "Person",
    id: `"${id}"`,
    ...(name !== "REMOVE" && { content: `{id:"${id}",n:${n}}` }),
  };
  return {
    key: id,
    body: JSON.stringify(change),
    changes: isPoison ? [] : [state],
    isBroken: false,
    isPoison,
  };
}

/** The record of an item's change, as the API of the streams gives it. */
export function toItemRecord(record: ShardRecord): _Record {
  const { name, id, n } = JSON.parse(record.message.body) as ItemChange;
  return toApiRecord(record, name, id, { n: { N: String(n) } });
}

/** The record of an item that was put into an outbox. */
export function toOutboxRecord(record: ShardRecord): _Record {
  return toApiRecord(record, "INSERT", record.sequenceNumber, { event: { S: record.message.body } });
}

function toApiRecord(
  { sequenceNumber, arrivedAtMs, message }: ShardRecord,
  name: string,
  id: string,
  image: NonNullable<NonNullable<_Record["dynamodb"]>["NewImage"]>,
): _Record {
  const Keys = { id: { S: id } };
  return {
    // Opaque to who reads it: the simulation finds the message of a letter by it.
    eventID: message.body,
    eventName: name as "INSERT",
    eventSource: "aws:dynamodb",
    dynamodb: {
      ApproximateCreationDateTime: new Date(arrivedAtMs),
      Keys,
      ...(name !== "REMOVE" && { NewImage: { ...Keys, ...image } }),
      SequenceNumber: sequenceNumber,
      StreamViewType: "NEW_IMAGE",
    },
  };
}

/** The message that a letter of the consumer is about. */
export function bodyOfLetter({ body }: DeadLetter): string {
  return (JSON.parse(Buffer.from(body).toString()) as DynamoDBRecord).eventID ?? "no event";
}
