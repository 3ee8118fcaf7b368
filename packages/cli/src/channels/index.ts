// SPDX-License-Identifier: MIT
import type { Channel } from "./channel";
import { dms } from "./dms";
import { dynamodb } from "./dynamodb";
import { eventbridge } from "./eventbridge";
import { kafka } from "./kafka";
import { kinesis } from "./kinesis";
import { sns } from "./sns";
import { sqs } from "./sqs";

/** Every kind of channel, by the word before the colon. A new one is a file beside this one and a line here. */
export const CHANNELS: Readonly<Record<string, Channel>> = {
  sqs,
  sns,
  kafka,
  kinesis,
  eventbridge,
  dynamodb,
  dms,
};
