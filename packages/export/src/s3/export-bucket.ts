// SPDX-License-Identifier: MIT
import type { S3Client } from "@aws-sdk/client-s3";
import { ManifestError, ObjectUnreadableError } from "../export-errors";
import { formatBucketUrl } from "./bucket-url";
import { withTries } from "./with-tries";

/** The SDK, which is loaded for who reads buckets, and for nobody else. */
export type S3Sdk = Pick<
  typeof import("@aws-sdk/client-s3"),
  "GetObjectCommand" | "ListObjectsV2Command" | "S3Client"
>;

/** An object as a listing names it. */
export interface BucketObject {
  readonly key: string;
  readonly size: number;
  /** Tells whether the object was replaced since it was listed. */
  readonly etag: string | undefined;
}

/** A part that does not arrive in this time is asked for again. */
const PART_TIMEOUT_MS = 60_000;

/** Reads a bucket of S3, or of a service with its protocol. Throws what the client throws, after several tries. */
export class ExportBucket {
  readonly name: string;
  readonly #sdk: S3Sdk;
  readonly #client: S3Client;

  constructor(sdk: S3Sdk, client: S3Client, name: string) {
    this.#sdk = sdk;
    this.#client = client;
    this.name = name;
  }

  /** Lists the objects whose keys begin with `prefix`, without those below a further slash if `isFlat` is true. */
  async list(prefix: string, isFlat = false): Promise<BucketObject[]> {
    const objects: BucketObject[] = [];
    let token: string | undefined;
    do {
      const page = await withTries(() =>
        this.#client.send(
          new this.#sdk.ListObjectsV2Command({
            Bucket: this.name,
            Prefix: prefix,
            ContinuationToken: token,
            Delimiter: isFlat ? "/" : undefined,
          }),
        ),
      );
      // Every listing of S3 repeats the name of its bucket.
      if (page.Name === undefined) throw this.#noListing(prefix);
      for (const { Key: key, Size: size = 0, ETag: etag } of page.Contents ?? []) {
        if (key !== undefined) objects.push({ key, size, etag });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return objects;
  }

  /** Reads a small object; `undefined` if it is missing. */
  async read(key: string): Promise<Uint8Array | undefined> {
    try {
      return await withTries(() => this.#get(key, {}));
    } catch (error) {
      if ((error as Error).name === "NoSuchKey") return undefined;
      throw error;
    }
  }

  /** Reads the bytes from `start` up to before `end`. */
  readPart({ key, etag }: BucketObject, start: number, end: number): Promise<Uint8Array> {
    const range = `bytes=${start}-${end - 1}`;
    return withTries(async () => {
      const part = await this.#get(key, { Range: range, IfMatch: etag });
      if (part.length === end - start) return part;
      throw new ObjectUnreadableError(
        this.locationOf(key),
        `${end - start} bytes from ${start} on`,
        part.length,
      );
    });
  }

  #noListing(prefix: string): ManifestError {
    const location = this.locationOf(prefix);
    return new ManifestError(
      location,
      `Expected a listing of the objects at ${location}, found an answer of another kind of server: check the endpoint (AWS_ENDPOINT_URL).`,
    );
  }

  locationOf(key: string): string {
    return formatBucketUrl({ bucket: this.name, key });
  }

  async #get(
    key: string,
    more: { readonly Range?: string; readonly IfMatch?: string | undefined },
  ): Promise<Uint8Array> {
    const command = new this.#sdk.GetObjectCommand({ Bucket: this.name, Key: key, ...more });
    const answer = await this.#client.send(command, { abortSignal: AbortSignal.timeout(PART_TIMEOUT_MS) });
    return (await answer.Body?.transformToByteArray()) ?? new Uint8Array(0);
  }
}
