// SPDX-License-Identifier: MIT
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledgements";

/** The longest that SQS keeps a message. */
export const RETENTION_DAYS_MAX = 14;

/**
 * A queue as every queue of a loader is: encrypted at rest, reached over TLS only, and kept when the stack is deleted, because
 * what is in it may not be anywhere else.
 */
export function createQueue(scope: Construct, id: string, props: QueueProps = {}): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(RETENTION_DAYS_MAX),
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
  if (props.deadLetterQueue === undefined) acknowledge(queue, "AwsSolutions::AwsSolutions-SQS3");
  return queue;
}
