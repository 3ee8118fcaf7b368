// SPDX-License-Identifier: MIT
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { acknowledge } from "./acknowledgements";

/** How long records that Lambda gave up are kept. */
const RETENTION = Duration.days(365);

/**
 * A bucket for what Lambda gives up on a stream. A queue or topic would get the records' positions only; a bucket gets the
 * records. Source: AWS Lambda's developer guide, "Retain discarded batch records".
 */
export function createUndeliveredBucket(scope: Construct, id: string): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [{ expiration: RETENTION }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(bucket, "AwsSolutions::AwsSolutions-S1");
  return bucket;
}

/** What the function's role needs so that Lambda can write there. Source: as above, "Configuring destinations". */
export function undeliveredBucketStatements(bucket: Bucket): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }),
    new PolicyStatement({ actions: ["s3:PutObject"], resources: [bucket.arnForObjects("*")] }),
  ];
}
