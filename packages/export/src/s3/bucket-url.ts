// SPDX-License-Identifier: MIT
import { ManifestError } from "../export-errors";

/** How URLs of S3 begin. */
export const BUCKET_SCHEME = "s3://";

/** A bucket and a key or prefix in it. */
export interface BucketUrl {
  readonly bucket: string;
  /** Without a slash at its beginning; empty for the whole bucket. */
  readonly key: string;
}

/** Reads `s3://BUCKET/KEY`. Throws `ManifestError`. */
export function parseBucketUrl(url: string): BucketUrl {
  const match = /^s3:\/\/([^/]+)\/*(.*)$/s.exec(url);
  const [, bucket, key = ""] = match ?? [];
  if (bucket !== undefined) return { bucket, key };
  throw new ManifestError(url, `Expected a URL s3://BUCKET/PREFIX, found ${url}: name the bucket.`);
}

/** Writes `s3://BUCKET/KEY`. */
export function formatBucketUrl({ bucket, key }: BucketUrl): string {
  return `${BUCKET_SCHEME}${bucket}/${key}`;
}
