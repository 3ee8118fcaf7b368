// SPDX-License-Identifier: MIT
import { createBucketTarget, type ExportWriterOptions, parseBucketUrl } from "@ledger-loader/export";
import { withAwsClient } from "../channels/aws-client";
import { openS3Client } from "../channels/open-s3-client";
import { BucketRefusedError } from "../cli-errors";
import type { Terminal } from "../output/terminal";

/** Where an export is written. */
export type ExportOutput = Pick<ExportWriterOptions, "folder" | "prefix" | "bucket">;

/** Runs `work` with the folder, or the bucket `s3://BUCKET/FOLDER`, to which the command line writes an export. */
export async function withOutput<T>(
  env: Terminal["env"],
  { output, prefix }: { readonly output: string; readonly prefix?: string },
  work: (output: ExportOutput) => Promise<T>,
): Promise<T> {
  if (!output.startsWith("s3://")) return work({ folder: output, prefix });
  const { bucket, key } = parseBucketUrl(output);
  const folder = key === "" || key.endsWith("/") ? key : `${key}/`;
  const use = { what: `write to ${output}`, check: "the name of the bucket, AWS_REGION, AWS_ENDPOINT_URL" };
  return withAwsClient(await openS3Client(env), BucketRefusedError, use, async (client) =>
    work({ folder: await createBucketTarget({ client, bucket }), bucket, prefix: folder + (prefix ?? "") }),
  );
}
