// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { failedMessageIds } from "./sqs-batch-verdict";

describe("failedMessageIds", () => {
  const all = ["a", "b", "c"];
  const cases: readonly [title: string, response: unknown, failed: readonly string[]][] = [
    ["nothing returned", undefined, []],
    ["null", null, []],
    ["an empty object", {}, []],
    ["a null list", { batchItemFailures: null }, []],
    ["an empty list", { batchItemFailures: [] }, []],
    ["one failure", { batchItemFailures: [{ itemIdentifier: "b" }] }, ["b"]],
    ["an unknown identifier", { batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "x" }] }, all],
    ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }, all],
    ["a null identifier", { batchItemFailures: [{ itemIdentifier: null }] }, all],
    ["a wrong key", { batchItemFailures: [{ messageId: "b" }] }, all],
    ["something that is not a list", { batchItemFailures: "b" }, all],
  ];
  it.each(cases)("takes %s as Lambda does", (_title, response, failed) => {
    expect([...failedMessageIds(response, all)]).toEqual(failed);
  });
});
