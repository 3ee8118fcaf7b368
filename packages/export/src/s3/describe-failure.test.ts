// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { ShortAnswer, describeFailure } from "./describe-failure";
import { AnswerOverdue } from "./with-answer-limit";

const named = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name }, more);
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

describe("A request to a bucket that failed", () => {
  it.each<[string, Error]>([
    ["no answer for 20 s, after 5 tries", new AnswerOverdue("no answer for 20 s")],
    ["3 bytes instead of 4, after 5 tries", new ShortAnswer("3 bytes instead of 4")],
    ["status 503 (SlowDown), after 5 tries", named("SlowDown", "Slow.", status(503))],
    ["a connection that broke off (ECONNRESET), after", named("Error", "aborted", { code: "ECONNRESET" })],
    [
      "a connection that was closed without an answer, after",
      named("Error", "AWS SDK error wrapper for TimeoutError: socket hang up"),
    ],
    ["bytes that do not match their checksum, after", named("Error", 'Checksum mismatch: expected "a".')],
    ["SyntaxError: no XML, after 5 tries", named("SyntaxError", "no XML.\n  Deserialization error: to see")],
  ])("is described, and may be tried again: %s", (found, cause) => {
    const error = describeFailure("s3://b/k", cause);
    expect(error).toMatchObject({ code: "EXPORT_UNREADABLE", retryable: true, location: "s3://b/k", cause });
    expect(error.message).toContain(`Expected to read s3://b/k, found ${found}`);
  });

  it.each<[string, boolean, Error]>([
    ["that it was replaced meanwhile", true, named("PreconditionFailed", "No.", status(412))],
    ["that it was removed meanwhile", true, named("NoSuchKey", "No.", status(404))],
    ["AccessDenied: Not you. Check", false, named("AccessDenied", "Not you.", status(403))],
  ])("is described where the service refused it: %s", (found, retryable, cause) => {
    const error = describeFailure("s3://b/k", cause);
    expect(error).toMatchObject({ retryable });
    expect(error.message).toContain(`found ${found}`);
  });
});
