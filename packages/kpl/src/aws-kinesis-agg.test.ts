// SPDX-License-Identifier: MIT
// Cross-checks with AWS's own module, where that module is right: no keys that look like integers (it sorts them), and
// explicit hash keys on all records or on none (it gives entry 0 to those without).
import { expect, it } from "@jest/globals";
import { aggregate, deaggregate, type UserRecord } from "@ledger-loader/kpl";
import {
  aggregate as awsAggregate,
  deaggregateSync,
  type UserRecord as AwsUserRecord,
} from "aws-kinesis-agg";
import fc from "fast-check";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/);
// Above the integers that objects sort first.
const hashKey = fc.bigInt({ min: 2n ** 64n, max: 2n ** 128n - 1n }).map(String);
const data = fc.uint8Array({ minLength: 1, maxLength: 100 });
const records: fc.Arbitrary<UserRecord[]> = fc.oneof(
  fc.array(fc.record({ partitionKey: word, data }), { minLength: 1, maxLength: 20 }),
  fc.array(fc.record({ partitionKey: word, explicitHashKey: hashKey, data }), {
    minLength: 1,
    maxLength: 20,
  }),
);

it("writes what aws-kinesis-agg reads", () => {
  fc.assert(
    fc.property(records, (userRecords) => {
      const [packed] = aggregate(userRecords);
      let read: AwsUserRecord[] = [];
      deaggregateSync(
        {
          data: Buffer.from(packed!.data).toString("base64"),
          partitionKey: "a",
          sequenceNumber: "1",
        } as never,
        true,
        (error, found) => {
          if (error as Error | undefined) throw error;
          read = found ?? [];
        },
      );
      expect(read.map((r) => ({ partitionKey: r.partitionKey, data: r.data }))).toEqual(
        userRecords.map((r) => ({
          partitionKey: r.partitionKey,
          data: Buffer.from(r.data).toString("base64"),
        })),
      );
    }),
  );
});

it("reads what aws-kinesis-agg writes", async () => {
  await fc.assert(
    fc.asyncProperty(records, async (userRecords) => {
      const [packed] = aggregate(userRecords);
      expect(deaggregate(await packedByAws(userRecords))).toEqual(deaggregate(packed!.data));
    }),
  );
});

async function packedByAws(userRecords: readonly UserRecord[]): Promise<Buffer> {
  const written: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    awsAggregate(
      userRecords.map((record) => ({ ...record, data: Buffer.from(record.data) })),
      (encoded, done) => {
        written.push(Buffer.from(encoded.data));
        done();
      },
      resolve,
      reject,
    );
  });
  expect(written).toHaveLength(1);
  return written[0]!;
}
