// SPDX-License-Identifier: MIT
import { explainMissingPackage } from "@ledger-loader/errors";

/**
 * A client of S3 of the AWS SDK for JavaScript, version 3, of any release, or an object that wraps one. Only `send` is called.
 */
export interface BucketClient {
  send(command: never, options?: never): Promise<unknown>;
}

/**
 * Loads the SDK's client of S3, which only exports in buckets need.
 *
 * @throws PackageMissingError if it is not installed.
 */
export async function loadS3(): Promise<typeof import("@aws-sdk/client-s3")> {
  try {
    return await import("@aws-sdk/client-s3");
  } catch (error) {
    throw explainMissingPackage(error, ["@aws-sdk/client-s3"]);
  }
}
