// SPDX-License-Identifier: MIT
import type { S3Client } from "@aws-sdk/client-s3";
import { type JournalExport, ObjectUnreadableError, openExport } from "@ledger-loader/export";
import { refusalOf } from "../channels/aws-client";
import { openS3Client } from "../channels/open-s3-client";
import { BucketRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Opens the export that the command line names, in folders or in buckets, and runs `work` with it. */
export async function withExport<T>(
  env: Terminal["env"],
  manifests: readonly string[],
  work: (journal: JournalExport) => Promise<T>,
): Promise<T> {
  const inBucket = manifests.filter((manifest) => manifest.startsWith("s3://"));
  if (inBucket.length === 0) return work(await openExport(manifests));
  const s3Client = await openS3Client(env);
  try {
    return await work(await openInBucket(manifests, inBucket, s3Client));
  } finally {
    s3Client.destroy();
  }
}

/** Until an export is open, the reason is likely in the names and settings. Afterwards, an error says itself what it is about. */
async function openInBucket(
  manifests: readonly string[],
  inBucket: readonly string[],
  s3Client: S3Client,
): Promise<JournalExport> {
  try {
    return await openExport(manifests, { s3Client });
  } catch (error) {
    const use = {
      what: `read ${inBucket.join(", ")}`,
      check: "the name of the bucket, AWS_REGION, AWS_ENDPOINT_URL",
    };
    throw refusalOf(error instanceof ObjectUnreadableError ? error.cause : error, BucketRefusedError, use);
  }
}
