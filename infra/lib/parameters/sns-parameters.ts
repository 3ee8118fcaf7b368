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
    meaning: "The queue for messages that SNS cannot deliver, for a topic of another region.",
    tradeOff: "Set its policy, which must let SNS send, and its alarm yourself.",
  }),
} as const;

/** The parameters of a subscription. */
export const SUBSCRIPTION_PARAMETERS = {
  filterPolicy: optional<JsonObject | undefined>({
    accepts: "a filter policy of SNS, as an object or JSON",
    parse: jsonObject,
    defaultValue: undefined,
    meaning: "Loads only messages that match.",
    tradeOff: "SNS drops other messages.",
  }),
  filterPolicyScope: optional<"MessageBody" | "MessageAttributes">({
    accepts: "MessageBody or MessageAttributes",
    parse: oneOf("MessageBody", "MessageAttributes"),
    defaultValue: "MessageBody",
    meaning:
      "Where filterPolicy looks: in the event, or in message attributes, which our publisher does not set.",
    tradeOff: "A body in Ion cannot be filtered.",
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
    meaning: "An existing topic. Default: the stack creates one.",
    tradeOff: "Set its encryption and policy yourself.",
  }),
  ...TOPIC_PARAMETERS,
  ...SNS_SETTINGS,
} as const;

/** The values of a topic's loader. */
export type SnsValues = LoaderValues & ParameterValues<typeof SNS_PARAMETERS>;
