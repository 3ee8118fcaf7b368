// SPDX-License-Identifier: MIT
import { decodeMessage } from "@ledger-loader/core";
import { awsClientConfig, withAwsClient } from "./aws-client";
import type { Channel, TargetAccess } from "./channel";
import { TopicRefusedError } from "../cli-errors";

const target: TargetAccess = {
  form: "TOPIC-ARN",
  accepts: (name) => /^arn:[^:]+:sns:/.test(name),
  does: "to a topic of SNS",
  consumed: "the topic is consumed",
  async withPublisher(topicArn, { env, runId }, work) {
    const [sdk, { createSnsPublisher }] = await Promise.all([
      import("@aws-sdk/client-sns"),
      import("@ledger-loader/sns"),
    ]);
    // A topic is published to in its own region only.
    const client = new sdk.SNSClient(awsClientConfig(env, "SNS", topicArn.split(":")[3]));
    const what = `publish to the topic ${topicArn}`;
    return withAwsClient(client, TopicRefusedError, { what, check: "its ARN, AWS_ENDPOINT_URL" }, () =>
      work(createSnsPublisher({ client, topicArn, runId })),
    );
  },
};

/** Topics of SNS. What they deliver is consumed by a function, or from a queue. */
export const sns: Channel = {
  target,
  letters: { sns: { decode: decodeMessage } },
};
