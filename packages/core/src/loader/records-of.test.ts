// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { recordsOf } from "@ledger-loader/core";

it("returns the records of an event, also none", () => {
  expect(recordsOf({ Records: [1, 2] }, "SQS")).toEqual([1, 2]);
  expect(recordsOf({ Records: [] }, "SQS")).toEqual([]);
});

it("names the source whose records came to the function of another", () => {
  const wrong = { Records: [{ eventSource: "aws:sqs", body: "{}" }] };
  expect(() => recordsOf(wrong, "SNS")).toThrow("an event of SNS, found records of SQS (connect");
  expect(recordsOf(wrong, "SQS")).toHaveLength(1);
});

it.each([
  [null, "null"],
  [undefined, "nothing"],
  [{}, "an empty object"],
  [{ detail: {} }, "another object"],
  [[{ messageId: "m" }], "an array, as EventBridge Pipes sends it"],
  ["text", "a string"],
])("says of the payload %j what was expected and what came", (payload, found) => {
  expect(() => recordsOf(payload as never, "SQS")).toThrow(
    `Expected the payload to be an event of SQS, an object with a list Records, found ${found}`,
  );
});
