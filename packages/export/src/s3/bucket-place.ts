// SPDX-License-Identifier: MIT
import type { S3Client } from "@aws-sdk/client-s3";
import { ManifestError } from "../export-errors";
import { isCompletedManifestName } from "../read/export-manifest";
import type { ManifestPlace } from "../read/manifest-place";
import { ExportBucket } from "./export-bucket";
import { BucketStorage } from "./bucket-storage";
import { formatBucketUrl, parseBucketUrl } from "./bucket-url";
import { loadS3, type BucketClient } from "./load-s3";

/** How buckets are read. */
export interface BucketOptions {
  /**
   * The client that reads `s3://` URLs. The caller ends the client.
   * @defaultValue a client with the AWS SDK's own settings
   */
  readonly s3Client?: BucketClient;
  /**
   * How long nothing may arrive from a bucket, in milliseconds. Then the request is made again, up to 4 times.
   * @defaultValue 20 000
   */
  readonly answerLimitMs?: number;
}

/**
 * Makes the place of exports in buckets of S3, or of a service with its protocol: URLs `s3://BUCKET/PREFIX`.
 *
 * A prefix means the completed manifests whose keys begin with it and have no further slash or, if there is none, all whose keys
 * begin with it.
 *
 * @param options - the client, which the caller ends, and how long to wait for it.
 */
export async function createBucketPlace({ s3Client, answerLimitMs }: BucketOptions): Promise<ManifestPlace> {
  const sdk = await loadS3();
  const client = (s3Client as S3Client | undefined) ?? new sdk.S3Client();
  const open = (url: string): { bucket: ExportBucket; key: string } => {
    const { bucket, key } = parseBucketUrl(url);
    return { bucket: new ExportBucket(sdk, client, bucket, answerLimitMs), key };
  };
  return {
    find: async (url) => {
      const { bucket, key } = open(url);
      return isCompletedManifestName(nameOf(key)) ? [url] : findManifests(bucket, key, url);
    },
    read: (location) => {
      const { bucket, key } = open(location);
      return bucket.read(key);
    },
    storageOf: (location, keys) => {
      const { bucket, key } = open(location);
      return new BucketStorage(bucket, keys, key.slice(0, key.length - nameOf(key).length));
    },
  };
}

async function findManifests(bucket: ExportBucket, prefix: string, url: string): Promise<string[]> {
  // A folder is rarely named with its slash.
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  for (const [place, isFlat] of [
    [folder, true],
    [prefix, true],
    [prefix, false],
  ] as const) {
    const keys = (await bucket.list(place, isFlat)).map(({ key }) => key);
    const found = keys.filter((key) => isCompletedManifestName(nameOf(key)));
    if (found.length > 0) return found.map((key) => formatBucketUrl({ bucket: bucket.name, key }));
  }
  throw new ManifestError(
    url,
    `Expected an object *.completed.manifest at ${url} or below, found none: name the bucket and the prefix of the export.`,
  );
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
