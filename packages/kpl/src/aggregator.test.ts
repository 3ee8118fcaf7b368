// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import {
  aggregate,
  Aggregator,
  deaggregate,
  hashKeyOf,
  InvalidUserRecordError,
  UserRecordTooLargeError,
  type KinesisRecord,
  type UserRecord,
} from "@ledger-loader/kpl";
import { publishedRecord } from "../test/published";

function aRecord(partitionKey: string, bytes = 1, explicitHashKey?: string): UserRecord {
  const data = new Uint8Array(bytes).fill(0x78);
  return explicitHashKey === undefined ? { partitionKey, data } : { partitionKey, data, explicitHashKey };
}

function only(records: Iterable<KinesisRecord>): KinesisRecord {
  const [record, ...others] = [...records];
  expect(others).toEqual([]);
  return record!;
}

function userRecordsOf(record: KinesisRecord) {
  const result = deaggregate(record.data);
  return result.kind === "aggregate" ? result.records : [];
}

/** The size that Kinesis counts against its limit. */
function sizeOf(record: KinesisRecord): number {
  return record.data.length + Buffer.byteLength(record.partitionKey);
}

it.each(["qldb-stream-record", "three-records", "hundred-records-explicit-hash-key"] as const)(
  "writes %s byte for byte as its first writer did",
  (name) => {
    const published = publishedRecord(name);
    const result = deaggregate(published);
    if (result.kind !== "aggregate") throw new Error(result.reason);
    expect(Buffer.from(only(aggregate(result.records)).data)).toEqual(published);
  },
);

it("does not swap keys that look like integers, nor invent explicit hash keys", () => {
  const records = [aRecord("10", 1, "7"), aRecord("2", 2), aRecord("1", 3, "3"), aRecord("10", 4)];
  expect(userRecordsOf(only(aggregate(records)))).toEqual(
    records.map((record, subSequenceNumber) => ({ ...record, subSequenceNumber })),
  );
});

it("yields nothing for nothing", () => {
  expect([...aggregate([])]).toEqual([]);
  expect(new Aggregator().flush()).toBeUndefined();
});

describe("the Kinesis record's own key", () => {
  it("is constant, and the explicit hash key leads to the shard of the first user record", () => {
    const byMd5 = BigInt(`0x${createHash("md5").update("vehicle 1").digest("hex")}`).toString();
    expect(only(aggregate([aRecord("vehicle 1"), aRecord("b", 1, "5")]))).toMatchObject({
      partitionKey: "a",
      explicitHashKey: byMd5,
      userRecords: 2,
    });
    expect(only(aggregate([aRecord("b", 1, "5")])).explicitHashKey).toBe("5");
    expect(hashKeyOf(aRecord("b", 1, "5"))).toBe(5n);
  });

  it("can be chosen", () => {
    expect(only(aggregate([aRecord("x")], { partitionKey: "lane 7" })).partitionKey).toBe("lane 7");
  });
});

describe("limits", () => {
  it("closes an aggregate before it exceeds the target, 51,200 bytes by default", () => {
    const packed = [...aggregate(Array.from({ length: 300 }, (_, i) => aRecord(`key ${i}`, 1_000)))];
    expect(packed.reduce((sum, record) => sum + record.userRecords, 0)).toBe(300);
    for (const record of packed.slice(0, -1)) {
      expect(sizeOf(record)).toBeLessThanOrEqual(51_200);
      expect(sizeOf(record)).toBeGreaterThan(50_000);
    }
  });

  it("knows the size to the byte", () => {
    const records = [
      aRecord("10", 5),
      aRecord("2", 200, "340282366920938463463374607431768211455"),
      aRecord("10", 0),
    ];
    const size = sizeOf(only(aggregate(records)));
    expect([...aggregate(records, { targetBytes: size })]).toHaveLength(1);
    expect([...aggregate(records, { targetBytes: size - 1 })]).toHaveLength(2);
  });

  it("lets a record above the target travel alone, up to 1 MiB, in its place", () => {
    const packed = [...aggregate([aRecord("a"), aRecord("b", 1_000_000), aRecord("c")])];
    expect(packed.map((record) => userRecordsOf(record).map((r) => r.partitionKey))).toEqual([
      ["a"],
      ["b"],
      ["c"],
    ]);
  });

  it("refuses a record above the maximum by one byte, and goes on as if it had never come", () => {
    const aggregator = new Aggregator({ maxBytes: 2_000 });
    // Around the data: outer key 1, magic 4, key table 3, record 1 + 2 + 2 + 3, MD5 16.
    expect(aggregator.add(aRecord("k", 2_000 - 32))).toBeUndefined();
    expect(() => aggregator.add(aRecord("k", 2_000 - 31))).toThrow(
      expect.objectContaining({ code: "KPL_USER_RECORD_TOO_LARGE", bytes: 2_001, maxBytes: 2_000 }),
    );
    expect(() => aggregator.add(aRecord("k", 9_999))).toThrow(UserRecordTooLargeError);
    const last = aggregator.flush();
    expect(last).toMatchObject({ userRecords: 1 });
    expect(sizeOf(last!)).toBe(2_000);
    expect(aggregator.flush()).toBeUndefined();
  });

  it("counts user records if told to", () => {
    const packed = [...aggregate([aRecord("a"), aRecord("b"), aRecord("c")], { maxRecords: 2 })];
    expect(packed.map((record) => record.userRecords)).toEqual([2, 1]);
  });
});

describe("keys that Kinesis refuses", () => {
  it.each([
    ["an empty partition key", aRecord("")],
    ["a partition key of 257 characters", aRecord("x".repeat(257))],
    ["half a surrogate pair", aRecord("\ud83d")],
    ["a negative explicit hash key", aRecord("k", 1, "-1")],
    ["an explicit hash key with a leading zero", aRecord("k", 1, "01")],
    ["an explicit hash key of 2^128", aRecord("k", 1, (2n ** 128n).toString())],
    ["an explicit hash key in words", aRecord("k", 1, "seven")],
  ])("refuses %s", (_, record) => {
    expect(() => [...aggregate([record])]).toThrow(InvalidUserRecordError);
  });

  it("takes the longest: 256 characters, 2^128 - 1", () => {
    const record = aRecord("😀".repeat(256), 1, (2n ** 128n - 1n).toString());
    expect(userRecordsOf(only(aggregate([record])))).toEqual([{ ...record, subSequenceNumber: 0 }]);
  });
});
