// SPDX-License-Identifier: MIT
import type { AttributeValue, _Record } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";

/** A record of the streams' API in the form in which Lambda gets it: one decoder, and one form of dead letters. */
export function toLambdaRecord(record: _Record, streamArn: string): DynamoDBRecord {
  const { dynamodb, userIdentity } = record;
  const change = {
    ...dynamodb,
    ApproximateCreationDateTime:
      dynamodb?.ApproximateCreationDateTime && dynamodb.ApproximateCreationDateTime.getTime() / 1000,
    Keys: toJsonItem(dynamodb?.Keys),
    NewImage: toJsonItem(dynamodb?.NewImage),
    OldImage: toJsonItem(dynamodb?.OldImage),
  };
  return {
    eventID: record.eventID,
    // As it is, also one that is not known: the decoder refuses it.
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: record.eventSource,
    awsRegion: record.awsRegion,
    dynamodb: change as NonNullable<DynamoDBRecord["dynamodb"]>,
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN: streamArn,
  };
}

type Item = Readonly<Record<string, AttributeValue>>;

function toJsonItem(item: Item | undefined): Readonly<Record<string, unknown>> | undefined {
  return item && Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toJson(value)]));
}

function toJson(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: toBase64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(toBase64) };
  if (value.L !== undefined) return { L: value.L.map(toJson) };
  if (value.M !== undefined) return { M: toJsonItem(value.M) };
  return value;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
