// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import type { ChannelName } from "@ledger-loader/infra";
import { describeUnknownName } from "./unknown-name";

it.each<[string, ChannelName, string]>([
  ["bachSize", "sqs", "found an unknown name; did you mean batchSize?"],
  ["ledgername", "sqs", "found an unknown name; did you mean ledgerName?"],
  ["regoin", "sqs", "found an unknown name; did you mean region?"],
  ["colour", "sqs", "found an unknown name"],
  ["shardCount", "sqs", "found one of kinesis, dms"],
  ["MaxOccRetries", "sqs", "found a name of the Java loader's templates, which is occRetriesMax here"],
  [
    "LambdaCodeS3Key",
    "sqs",
    "found one of the Java loader's templates. Gone: the deployment bundles the function.",
  ],
])("says of %s, which %s has not, what it probably is", (name, channel, message) => {
  expect(describeUnknownName(name, channel)).toBe(message);
});
