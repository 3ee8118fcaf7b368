// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { deaggregate, type SubRecord } from "@ledger-loader/kpl";
import { publishedRecord } from "../test/published";
import { hex, sealed } from "../test/sealed";

function recordsOf(bytes: Uint8Array): readonly SubRecord[] {
  const result = deaggregate(bytes);
  if (result.kind !== "aggregate") throw new Error(`ordinary: ${result.reason}`);
  return result.records;
}

describe("published records", () => {
  it("takes a Kinesis record of a QLDB stream apart: each user record's key is the hash that its data holds", () => {
    const records = recordsOf(publishedRecord("qldb-stream-record"));
    expect(records.map((record) => record.partitionKey)).toEqual([
      "fd26243b46675803668115013a2652aec29852fd1cf0483b8b924456c7fe650c",
      "efadcae416a32788078624ef8c4ef061c506c673f97ac1385945e9e132dd5446",
    ]);
    for (const { partitionKey, data } of records) {
      expect(Buffer.from(data).includes(Buffer.from(partitionKey, "hex"))).toBe(true);
    }
    expect(records.map(({ data }) => Buffer.from(data).subarray(0, 4).toString("hex"))).toEqual([
      "e00100ea",
      "e00100ea",
    ]);
    expect(records.map(({ data }) => /BLOCK_SUMMARY|REVISION_DETAILS/.exec(text(data))?.[0])).toEqual([
      "BLOCK_SUMMARY",
      "REVISION_DETAILS",
    ]);
  });

  it("numbers user records from 0 and leaves an absent explicit hash key absent", () => {
    expect(recordsOf(publishedRecord("three-records")).map((r) => ({ ...r, data: text(r.data) }))).toEqual([
      { partitionKey: "p1", data: "012345678901234567_A", subSequenceNumber: 0 },
      { partitionKey: "p1", data: "012345678901234567_B", subSequenceNumber: 1 },
      { partitionKey: "p1", data: "012345678901234567_C", subSequenceNumber: 2 },
    ]);
  });

  it("reads explicit hash keys", () => {
    const records = recordsOf(publishedRecord("hundred-records-explicit-hash-key"));
    expect(records).toHaveLength(100);
    expect(new Set(records.map((r) => `${r.partitionKey} ${r.explicitHashKey ?? ""}`))).toEqual(
      new Set(["abc 191415658344158766168031473277922803570"]),
    );
    expect(text(records[99]!.data)).toBe("zyxwvutsrqponmlkjihgfedcba");
  });
});

// `0a 01 61`: partition key "a"; `1a 05 08 00 1a 01 78`: a record with key 0 and the data "x".
const KEY_A = "0a 01 61";
const RECORD_X = "1a 05 08 00 1a 01 78";

describe("what protobuf allows", () => {
  it.each([
    ["keys after the records", `${RECORD_X} ${KEY_A}`],
    ["tags", `${KEY_A} 1a 0d 08 00 1a 01 78 22 06 0a 01 6b 12 01 76`],
    [
      "unknown fields of every type",
      `${KEY_A} 78 ff01 79 0102030405060708 7a 02 0102 7d 01020304 ${RECORD_X}`,
    ],
    ["a repeated field, of which the last counts", `${KEY_A} 1a 0a 08 07 1a 01 79 08 00 1a 01 78`],
    ["an integer in more bytes than it needs", `${KEY_A} 1a 07 08 80 80 00 1a 01 78`],
    ["a known field of another type, which is unknown then", `${KEY_A} 0d 01020304 ${RECORD_X}`],
  ])("reads %s", (_, message) => {
    const records = recordsOf(sealed(hex(message)));
    expect(records.map((r) => ({ ...r, data: text(r.data) }))).toEqual([
      { partitionKey: "a", data: "x", subSequenceNumber: 0 },
    ]);
  });

  it("keeps an aggregate without records, and records without data", () => {
    expect(recordsOf(sealed(hex(KEY_A)))).toEqual([]);
    expect(recordsOf(sealed(hex(`${KEY_A} 1a 04 08 00 1a 00`)))[0]?.data).toHaveLength(0);
  });

  it("keeps a byte order mark, which is part of a key like any other character", () => {
    expect(recordsOf(sealed(hex(`0a 04 efbbbf 61 ${RECORD_X}`)))[0]?.partitionKey).toBe("\ufeffa");
  });
});

describe("what is no aggregate is an ordinary record", () => {
  it.each([
    ["no-magic", "nothing at all", ""],
    ["no-magic", "other data", hex("7b 22 6f 70 22 7d")],
    ["no-magic", "half a magic number", hex("f3 89")],
    ["too-short", "the magic number alone", hex("f3 89 9a c2")],
    ["too-short", "no message between magic number and MD5", sealed(hex(""))],
    ["checksum-mismatch", "another MD5", Buffer.concat([sealed(hex(KEY_A)).subarray(0, -1), hex("00")])],
    ["malformed-message", "a length beyond the end", sealed(hex("0a 7f 61"))],
    ["malformed-message", "a length of 2^63", sealed(hex("0a 80 80 80 80 80 80 80 80 80 01 61"))],
    [
      "malformed-message",
      "an integer that never ends",
      sealed(hex("08 ff ff ff ff ff ff ff ff ff ff ff ff")),
    ],
    ["malformed-message", "an integer cut off", sealed(hex(`${KEY_A} 08 80`))],
    ["malformed-message", "a fixed number cut off", sealed(hex(`${KEY_A} 79 01 02`))],
    ["malformed-message", "a group", sealed(hex(`${KEY_A} 7b 7c`))],
    ["malformed-message", "field number 0", sealed(hex(`${KEY_A} 00 00`))],
    ["malformed-message", "a tag beyond 32 bits", sealed(hex("fa ff ff ff ff 01 00"))],
    ["malformed-message", "a record without data", sealed(hex(`${KEY_A} 1a 02 08 00`))],
    ["malformed-message", "a record without partition key", sealed(hex(`${KEY_A} 1a 03 1a 01 78`))],
    ["malformed-message", "a record that ends within its data", sealed(hex(`${KEY_A} 1a 04 08 00 1a 7f`))],
    ["key-not-in-table", "a partition key that is not there", sealed(hex(`${KEY_A} 1a 05 08 01 1a 01 78`))],
    ["key-not-in-table", "an index of 2^32", sealed(hex(`${KEY_A} 1a 09 08 80 80 80 80 10 1a 01 78`))],
    [
      "key-not-in-table",
      "an explicit hash key that is not there",
      sealed(hex(`${KEY_A} 1a 07 08 00 10 00 1a 01 78`)),
    ],
    [
      "key-not-in-table",
      "a bad key after good ones",
      sealed(hex(`${KEY_A} ${RECORD_X} 1a 05 08 01 1a 01 78`)),
    ],
  ])("%s: %s", (reason, _, bytes) => {
    expect(deaggregate(Buffer.from(bytes))).toEqual({ kind: "ordinary", reason });
  });
});

function text(data: Uint8Array): string {
  return Buffer.from(data).toString("latin1");
}
