// SPDX-License-Identifier: MIT
import { SNSClient } from "@aws-sdk/client-sns";
import { decodeMessage } from "@ledger-loader/core";
import { createPublisherTarget } from "@ledger-loader/move";
import { createSnsPublisher } from "@ledger-loader/sns";
import { awsClientConfig, withAwsClient } from "./aws-client";
import type { Channel, TargetAccess } from "./channel";
import { TopicRefusedError } from "../cli-errors";

const target: TargetAccess = {
  form: "TOPIC-ARN",
  accepts: (name) => /^arn:[^:]+:sns:/.test(name),
  does: "sends them to a topic of SNS",
  consumed: "the topic is consumed",
  withTarget(topicArn, { env, runId }, work) {
    // A topic is published to in its own region only.
    const client = new SNSClient(awsClientConfig(env, "SNS", topicArn.split(":")[3]));
    const what = `publish to the topic ${topicArn}`;
    return withAwsClient(client, TopicRefusedError, { what, check: "its ARN, AWS_ENDPOINT_URL" }, () =>
      work(createPublisherTarget(createSnsPublisher({ client, topicArn, runId }))),
    );
  },
};

/** Topics of SNS. What they deliver is consumed by a function, or from a queue. */
export const sns: Channel = { target, letters: { sns: { decode: decodeMessage } } };
