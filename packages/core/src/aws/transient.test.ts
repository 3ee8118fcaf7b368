// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { isTransient } from "@ledger-loader/core";

/** An error as the AWS SDK throws it. */
const anError = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name }, more);
const ofClient = { $fault: "client" };

describe("isTransient", () => {
  it.each([
    ["KMSThrottlingException", ofClient],
    ["OverLimit", ofClient],
    ["ProvisionedThroughputExceededException", ofClient],
    ["LimitExceededException", ofClient],
    ["TransactionInProgressException", ofClient],
    ["TooManyRequestsException", ofClient],
    ["InternalFailure", { $fault: "server" }],
    ["TimeoutError", {}],
    ["Error", { code: "ECONNRESET" }],
    ["Error", { code: "ERR_HTTP2_STREAM_CANCEL" }],
  ])("holds for %s %j", (name, more) => {
    expect(isTransient(anError(name, more))).toBe(true);
  });

  it.each([
    ["AccessDeniedException", ofClient],
    ["ResourceNotFoundException", ofClient],
    ["ConditionalCheckFailedException", ofClient],
    ["CredentialsProviderError", {}],
    ["Error", { code: "ERR_INVALID_ARG_TYPE" }],
  ])("does not hold for %s %j", (name, more) => {
    expect(isTransient(anError(name, more))).toBe(false);
  });

  it("does not hold for what is no error", () => {
    expect(isTransient("ThrottlingException")).toBe(false);
  });
});
