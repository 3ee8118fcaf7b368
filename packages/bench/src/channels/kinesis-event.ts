// SPDX-License-Identifier: MIT
import type { KinesisHandler } from "@ledger-loader/kinesis";

/** Returns the records of one shard with these data, as a stream hands them to a Lambda function. */
export function toKinesisEvent(datas: readonly Uint8Array[]): Parameters<KinesisHandler>[0] {
  return {
    Records: datas.map((data, i) => {
      const sequenceNumber = `49590338271490256608559692538361571095921575989${String(i).padStart(9, "0")}`;
      return {
        awsRegion: "us-east-1",
        eventID: `shardId-000000000006:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        eventSource: "aws:kinesis",
        eventSourceARN: "arn:aws:kinesis:us-east-1:000000000000:stream/events",
        eventVersion: "1.0",
        invokeIdentityArn: "arn:aws:iam::000000000000:role/function",
        kinesis: {
          approximateArrivalTimestamp: 1_767_225_600.5,
          data: Buffer.from(data).toString("base64"),
          kinesisSchemaVersion: "1.0",
          partitionKey: "key",
          sequenceNumber,
        },
      };
    }),
  };
}
