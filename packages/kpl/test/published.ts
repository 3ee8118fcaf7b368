// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";

/** Reads the data of a published Kinesis record; see fixtures/README.md for its source. */
export function publishedRecord(
  name: "qldb-stream-record" | "three-records" | "hundred-records-explicit-hash-key",
): Buffer {
  return Buffer.from(readFileSync(path.join(__dirname, "fixtures", `${name}.base64`), "latin1"), "base64");
}
