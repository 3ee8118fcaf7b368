// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { allowStreamTargets, isStreamPattern } from "./stream-targets";

const arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/journal.1";

describe(allowStreamTargets, () => {
  it("allows nothing without patterns", () => {
    expect(allowStreamTargets([])(arn)).toBe(false);
  });

  it.each([
    arn,
    "arn:aws:kinesis:*:*:stream/*",
    "arn:aws:kinesis:eu-west-1:111122223333:stream/journal.?",
    "arn:aws*:kinesis:eu-*:111122223333:*",
  ])("allows what %s matches", (pattern) => {
    expect(isStreamPattern(pattern)).toBe(true);
    expect(allowStreamTargets(["arn:aws:kinesis:us-east-1:111122223333:stream/other", pattern])(arn)).toBe(
      true,
    );
  });

  it.each([
    "arn:aws:kinesis:eu-west-1:111122223333:stream/journal",
    "arn:aws:kinesis:eu-west-1:111122223333:stream/journal?1?",
    "arn:aws:kinesis:eu-west-1:999999999999:stream/*",
    "arn:aws:kinesis:us-*:*:stream/*",
    // The point is a point, and a star stays within its part.
    "arn:aws:kinesis:eu-west-1:111122223333:stream/journalx1",
    "arn:aws:kinesis:*:stream/journal.1",
    "*journal.1",
  ])("allows nothing that %s does not match", (pattern) => {
    expect(allowStreamTargets([pattern])(arn)).toBe(false);
  });
});

describe(isStreamPattern, () => {
  it.each([
    "",
    "journal",
    "*",
    "stream/journal",
    "arn:aws:s3:::bucket",
    "arn:aws:kinesis:eu-west-1:111122223333:journal",
    "arn:aws:kinesis:eu-west-1:111122223333:stream/",
    "arn:aws:kinesis:eu-west-1:111122223333:stream/a:b",
    "arn:aws:kinesis:eu-west-1:my-account:stream/a",
  ])("refuses %j, which matches no data stream", (text) => {
    expect(isStreamPattern(text)).toBe(false);
  });
});
