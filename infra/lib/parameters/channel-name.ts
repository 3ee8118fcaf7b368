// SPDX-License-Identifier: MIT

/** The name of a delivery channel, in `loader.config.ts` and on the command line. */
export type ChannelName =
  "sqs" | "sns" | "sns-to-sqs" | "kinesis" | "msk" | "eventbridge" | "dms" | "dynamodb";
