// SPDX-License-Identifier: MIT
import { SETTINGS } from "@ledger-loader/core";
import {
  fromSetting,
  jsonObject,
  oneOf,
  optional,
  text,
  type JsonObject,
  type ParameterValues,
} from "./parameter";
import type { LoaderValues } from "./function-parameters";

/** The parameters of a topic that is there already, whatever it delivers to. */
export const TOPIC_PARAMETERS = {
  snsDeadLetterQueueArn: optional<string | undefined>({
    accepts: "the ARN of an SQS queue in the topic's region, FIFO exactly where the topic is",
    parse: text(/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/),
    defaultValue: undefined,
    meaning:
      "Where SNS puts what it cannot deliver, for a topic of another region; not set, the stack creates a queue.",
    tradeOff:
      "Its policy, which must let SNS send to it, and its alarm are then yours to set, in its region.",
  }),
} as const;

/** The parameters of a subscription. */
export const SUBSCRIPTION_PARAMETERS = {
  filterPolicy: optional<JsonObject | undefined>({
    accepts: "a filter policy of SNS, as an object or JSON",
    parse: jsonObject,
    defaultValue: undefined,
    meaning: "The messages of the topic that are loaded; not set, all.",
    tradeOff: "SNS drops what the policy does not select, without a trace.",
  }),
  filterPolicyScope: optional<"MessageBody" | "MessageAttributes">({
    accepts: "MessageBody or MessageAttributes",
    parse: oneOf("MessageBody", "MessageAttributes"),
    defaultValue: "MessageBody",
    meaning: "What filterPolicy looks at: the event itself, or the attributes that it is published with.",
    tradeOff: "This project's publisher sets no attributes. A body in Ion cannot be filtered.",
  }),
} as const;

/** The parameters of a function that a topic invokes, whoever creates the topic. */
export const SNS_SETTINGS = {
  ...SUBSCRIPTION_PARAMETERS,
  allowUnordered: fromSetting(SETTINGS.allowUnordered),
} as const;

/** The parameters of a topic whose messages go to the function itself. */
export const SNS_PARAMETERS = {
  topicArn: optional<string | undefined>({
    accepts: "the ARN of a standard SNS topic",
    parse: text(/^arn:[\w-]+:sns:[\w-]+:\d{12}:(?!.*\.fifo$)[\w-]+$/),
    defaultValue: undefined,
    meaning: "A topic that is there already; not set, the stack creates one.",
    tradeOff: "Its encryption and policy are then yours to set.",
  }),
  ...TOPIC_PARAMETERS,
  ...SNS_SETTINGS,
} as const;

/** The values of a topic's loader. */
export type SnsValues = LoaderValues & ParameterValues<typeof SNS_PARAMETERS>;
