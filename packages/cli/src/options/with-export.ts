// SPDX-License-Identifier: MIT
import { type JournalExport, openExport } from "@ledger-loader/export";
import { withAwsClient } from "../channels/aws-client";
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
  const use = {
    what: `read ${inBucket.join(", ")}`,
    check: "the name of the bucket, AWS_REGION, AWS_ENDPOINT_URL",
  };
  return withAwsClient(s3Client, BucketRefusedError, use, async () =>
    work(await openExport(manifests, { s3Client })),
  );
}
