// SPDX-License-Identifier: MIT
import { patternToExpression } from "../target-pattern";

/** True for the ARN of a Kinesis data stream into which journals may be streamed. */
export type IsStreamTarget = (kinesisArn: string) => boolean;

/**
 * Allows the ARNs that match one of the patterns; without patterns, none.
 *
 * A journal stream carries every document out of the ledger with the server's own AWS credentials, so its target is the
 * decision of the person who runs the server. In a pattern, `*` stands for any characters of one part of the ARN and `?` for
 * one of them; the parts are separated by colons, as in the resources of IAM policies.
 */
export function allowStreamTargets(patterns: readonly string[]): IsStreamTarget {
  const expressions = patterns.map(patternToExpression);
  return (kinesisArn) => expressions.some((expression) => expression.test(kinesisArn));
}

/** True for a text that can match the ARN of a Kinesis data stream. */
export function isStreamPattern(text: string): boolean {
  const [arn = "", partition = "", service = "", region = "", account = "", resource = "", ...more] =
    text.split(":");
  if (more.length > 0 || arn !== "arn" || !patternToExpression(service).test("kinesis")) return false;
  const places = [
    { part: partition, valid: /^[a-z*?-]+$/ },
    { part: region, valid: /^[a-z0-9*?-]+$/ },
    { part: account, valid: /^[0-9*?]+$/ },
    { part: resource, valid: /^(?:stream\/[\w.*?-]+|[a-z*?]*\*[\w.*?/-]*)$/ },
  ];
  return places.every(({ part, valid }) => valid.test(part));
}
