// SPDX-License-Identifier: MIT
import { boolean, optional, text, type ParameterValues } from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { SUBSCRIPTION_PARAMETERS, TOPIC_PARAMETERS } from "./sns-parameters";
import { QUEUE_PARAMETERS } from "./sqs-parameters";

const DELIVERY_PARAMETERS = {
  ...SUBSCRIPTION_PARAMETERS,
  rawMessageDelivery: optional({
    accepts: "true or false",
    parse: boolean,
    defaultValue: true,
    meaning: "The queue gets the events without the envelope of SNS, which names the topic and the time.",
    tradeOff: "None.",
  }),
} as const;

/** The parameters of a topic with a queue, whoever creates the topic. */
export const SNS_TO_SQS_SETTINGS = { ...QUEUE_PARAMETERS, ...DELIVERY_PARAMETERS } as const;

/** The parameters of a topic, of the queue that it fills, and of the queue's event source mapping. */
export const SNS_TO_SQS_PARAMETERS = {
  ...QUEUE_PARAMETERS,
  topicArn: optional<string | undefined>({
    accepts: "the ARN of an SNS topic, FIFO exactly where the queue is",
    parse: text(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/),
    defaultValue: undefined,
    meaning: "An existing topic of any region, also for several loaders.",
    tradeOff: "Default: the stack creates one.",
  }),
  ...TOPIC_PARAMETERS,
  ...DELIVERY_PARAMETERS,
} as const;

/** The values of the loader of a topic with a queue. */
export type SnsToSqsValues = LoaderValues & ParameterValues<typeof SNS_TO_SQS_PARAMETERS>;
