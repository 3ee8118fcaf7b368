// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { aggregate, deaggregate, type UserRecord } from "@ledger-loader/kpl";
import fc from "fast-check";
import { sealed } from "../test/sealed";

const key = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
  fc.nat({ max: 300 }).map(String),
  fc.constantFrom("__proto__", "constructor", "length"),
);
const userRecord: fc.Arbitrary<UserRecord> = fc.record(
  {
    partitionKey: key,
    explicitHashKey: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String),
    data: fc.uint8Array({ maxLength: 300 }),
  },
  { requiredKeys: ["partitionKey", "data"] },
);
const limits = fc.record({
  targetBytes: fc.integer({ min: 1, max: 3_000 }),
  maxRecords: fc.integer({ min: 1, max: 50 }),
});

it("gives back every user record in order, whatever the limits, and keeps the limits", () => {
  fc.assert(
    fc.property(fc.array(userRecord, { maxLength: 60 }), limits, (records, options) => {
      const packed = [...aggregate(records, options)];
      const unpacked = packed.flatMap((record) => {
        const result = deaggregate(record.data);
        if (result.kind !== "aggregate") throw new Error(result.reason);
        expect(result.records.map((r) => r.subSequenceNumber)).toEqual([...result.records.keys()]);
        expect(result.records.length).toBe(record.userRecords);
        expect(record.userRecords).toBeLessThanOrEqual(options.maxRecords);
        if (record.userRecords > 1) expect(record.data.length + 1).toBeLessThanOrEqual(options.targetBytes);
        return result.records.map(({ subSequenceNumber: _, ...rest }) => rest);
      });
      expect(unpacked).toEqual(records);
    }),
    { numRuns: 200 },
  );
});

it("takes an aggregate in which any one byte was changed, or that was cut anywhere, for an ordinary record", () => {
  const someRecords = fc.array(userRecord, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(someRecords, fc.nat(), fc.integer({ min: 1, max: 255 }), (records, place, change) => {
      const [whole] = aggregate(records);
      const at = place % whole!.data.length;
      const changed = Uint8Array.from(whole!.data);
      changed[at] = changed[at]! ^ change;
      expect(deaggregate(changed).kind).toBe("ordinary");
      expect(deaggregate(whole!.data.subarray(0, at)).kind).toBe("ordinary");
    }),
    { numRuns: 500 },
  );
});

it("survives any message under a right MD5: random bytes, and aggregates damaged before they were sealed", () => {
  const damaged = fc
    .tuple(fc.array(userRecord, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat({ max: 255 }), fc.boolean())
    .map(([records, place, byte, cut]) => {
      const message = Uint8Array.from([...aggregate(records)][0]!.data.subarray(4, -16));
      const at = place % message.length;
      if (cut) return message.subarray(0, at);
      message[at] = byte;
      return message;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (message) => {
      const result = deaggregate(sealed(message));
      if (result.kind === "ordinary") return;
      const bytes = result.records.reduce((sum, record) => sum + record.data.length, 0);
      expect(bytes).toBeLessThanOrEqual(message.length);
    }),
    { numRuns: 2_000 },
  );
});
