// SPDX-License-Identifier: MIT
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { RETENTION_DAYS_MAX } from "../parameters/sqs-parameters";
import { acknowledge } from "./acknowledgements";

/** How everything is kept that a loader creates and that holds events. */
export interface Keeping {
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy: "retain" | "destroy";
}

/** CDK's word for what happens with the stack. */
export function removalOf({ removalPolicy }: Keeping): RemovalPolicy {
  return removalPolicy === "retain" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/**
 * A queue as every queue of a loader is: encrypted at rest, reached over TLS only, and, unless told otherwise, kept when the
 * stack is deleted, because what is in it may not be anywhere else.
 */
export function createQueue(scope: Construct, id: string, keeping: Keeping, props: QueueProps = {}): Queue {
  const { encryptionKey } = keeping;
  const queue = new Queue(scope, id, {
    ...(encryptionKey === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
    enforceSSL: true,
    retentionPeriod: Duration.days(RETENTION_DAYS_MAX),
    removalPolicy: removalOf(keeping),
    ...props,
  });
  if (props.deadLetterQueue === undefined) acknowledge(queue, "AwsSolutions::AwsSolutions-SQS3");
  return queue;
}
