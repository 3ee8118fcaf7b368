// SPDX-License-Identifier: MIT
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { TopicProps } from "../constructs/channels/sns-loader";
import type { SnsValues } from "../parameters/sns-parameters";

/** The topic that is named, and the queue for what it cannot deliver. */
export function topicPropsOf(
  scope: Construct,
  queueId: string,
  { topicArn, snsDeadLetterQueueArn }: Pick<SnsValues, "topicArn" | "snsDeadLetterQueueArn">,
): TopicProps {
  return {
    ...(topicArn === undefined ? {} : { topic: Topic.fromTopicArn(scope, "Topic", topicArn) }),
    ...(snsDeadLetterQueueArn === undefined
      ? {}
      : { snsDeadLetterQueue: Queue.fromQueueArn(scope, queueId, snsDeadLetterQueueArn) }),
  };
}
