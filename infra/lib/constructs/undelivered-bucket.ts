// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledgements";
import { keyStatement } from "./keys";
import { removalOf, type Keeping } from "./loader-queue";

/** How long records that Lambda gave up are kept. */
const RETENTION = Duration.days(365);

/**
 * A bucket for what Lambda gives up on a stream. A queue or topic would get the records' positions only; a bucket gets the
 * records. Source: AWS Lambda's developer guide, "Retain discarded batch records".
 */
export function createUndeliveredBucket(scope: Construct, id: string, keeping: Keeping): Bucket {
  const { encryptionKey } = keeping;
  const bucket = new Bucket(scope, id, {
    ...(encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [{ expiration: RETENTION }],
    removalPolicy: removalOf(keeping),
  });
  acknowledge(bucket, "AwsSolutions::AwsSolutions-S1");
  return bucket;
}

/** The rights of the function's role with which Lambda can write there. Source: as above, "Configuring destinations". */
export function undeliveredBucketStatements(bucket: Bucket): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }),
    new PolicyStatement({ actions: ["s3:PutObject"], resources: [bucket.arnForObjects("*")] }),
    ...(bucket.encryptionKey === undefined ? [] : [keyStatement(bucket.encryptionKey, "write")]),
  ];
}
