// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeIon } from "@ledger-loader/ion";
import { load } from "ion-js";

/** A record of a QLDB stream, from Ion text to the binary that the stream carries. */
export function streamRecord(recordType: string, payload: string): Uint8Array {
  return encodeIon(
    load(
      `{qldbStreamArn: "arn:aws:qldb:us-east-1:000000000000:stream/cars/17CR7ArZ1AMHgHOeOk6G9C", ` +
        `recordType: "${recordType}", payload: ${payload}}`,
    )!,
  );
}

/** A revision's record; `content` is its `data`, its `dataHash`, or nothing for a deletion. */
export function revisionRecord(id: string, version: number, content: string, table = "Vehicle"): Uint8Array {
  const metadata = `metadata: {id: "${id}", version: ${version}, txTime: 2020-01-01T00:00:00.000Z, txId: "t"}`;
  const hash = "hash: {{vJFOcsNRM14gsIBSEnwPhMVgRAWf/4EUW5gPYbtmDv0=}}";
  return streamRecord(
    "REVISION_DETAILS",
    `{tableInfo: {tableName: ${JSON.stringify(table)}, tableId: "1SUXCa3wwV0GD7kV78RbSg"}, ` +
      `revision: {${[hash, content, metadata].filter((part) => part !== "").join(", ")}}}`,
  );
}

/** A record as Amazon QLDB put it into Kinesis; see the fixtures' README. */
export function publishedAggregate(): Buffer {
  const file = join(__dirname, "fixtures", "qldb-stream-record.base64");
  return Buffer.from(readFileSync(file, "utf8"), "base64");
}
