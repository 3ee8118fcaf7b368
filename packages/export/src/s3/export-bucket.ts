// SPDX-License-Identifier: MIT
import type { ListObjectsV2CommandOutput, S3Client } from "@aws-sdk/client-s3";
import { ManifestError } from "../export-errors";
import { formatBucketUrl } from "./bucket-url";
import { ShortAnswer, describeFailure } from "./describe-failure";
import { withAnswerLimit } from "./with-answer-limit";
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

/** How long S3 may take to answer, unless told otherwise. */
export const ANSWER_LIMIT_MS = 20_000;

/** A page of a listing. */
type Page = ListObjectsV2CommandOutput;

/**
 * Reads a bucket of S3, or of a service with its protocol.
 *
 * Each request is tried several times. Throws `ObjectUnreadableError`, which names the object.
 */
export class ExportBucket {
  readonly name: string;
  readonly #sdk: S3Sdk;
  readonly #client: S3Client;
  readonly #answerLimitMs: number;

  /**
   * @param answerLimitMs - a request to which nothing arrives for so long is made again
   */
  constructor(sdk: S3Sdk, client: S3Client, name: string, answerLimitMs = ANSWER_LIMIT_MS) {
    this.#sdk = sdk;
    this.#client = client;
    this.name = name;
    this.#answerLimitMs = answerLimitMs;
  }

  /** Lists the objects whose keys begin with `prefix`, without those below a further slash if `isFlat` is true. */
  async list(prefix: string, isFlat = false): Promise<BucketObject[]> {
    const objects: BucketObject[] = [];
    let token: string | undefined;
    do {
      const page = await this.#try(prefix, () => this.#page(prefix, isFlat, token));
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
      return await this.#try(key, () => this.#get(key, {}));
    } catch (error) {
      if (((error as Error).cause as Error | undefined)?.name === "NoSuchKey") return undefined;
      throw error;
    }
  }

  /** Reads the bytes from `start` up to before `end`. */
  readPart({ key, etag }: BucketObject, start: number, end: number): Promise<Uint8Array> {
    const range = `bytes=${start}-${end - 1}`;
    return this.#try(key, async () => {
      const part = await this.#get(key, { Range: range, IfMatch: etag }, end - start);
      if (part.length === end - start) return part;
      const found = part.length > end - start ? "more" : `${part.length}`;
      throw new ShortAnswer(`${found} bytes instead of ${end - start} from byte ${start} on`);
    });
  }

  locationOf(key: string): string {
    return formatBucketUrl({ bucket: this.name, key });
  }

  async #try<T>(key: string, request: () => Promise<T>): Promise<T> {
    try {
      return await withTries(request);
    } catch (error) {
      if (error instanceof ManifestError) throw error;
      throw describeFailure(this.locationOf(key), error);
    }
  }

  async #page(prefix: string, isFlat: boolean, token: string | undefined): Promise<Page> {
    const command = new this.#sdk.ListObjectsV2Command({
      Bucket: this.name,
      Prefix: prefix,
      ContinuationToken: token,
      Delimiter: isFlat ? "/" : undefined,
    });
    const page = await withAnswerLimit(this.#answerLimitMs, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    // Every listing of S3 repeats the name of its bucket.
    if (page.Name === undefined) throw this.#noListing(prefix);
    // An object that is left out would be taken for a missing one.
    if (!isWhole(page)) throw new ShortAnswer("a listing that is not whole");
    return page;
  }

  #noListing(prefix: string): ManifestError {
    const location = this.locationOf(prefix);
    return new ManifestError(
      location,
      `Expected a listing of the objects at ${location}, found an answer of another kind of server: check the endpoint (AWS_ENDPOINT_URL).`,
    );
  }

  async #get(
    key: string,
    more: { readonly Range?: string; readonly IfMatch?: string | undefined },
    bytesMax = Infinity,
  ): Promise<Uint8Array> {
    const command = new this.#sdk.GetObjectCommand({ Bucket: this.name, Key: key, ...more });
    return withAnswerLimit(this.#answerLimitMs, async (abortSignal, onArrival) => {
      const { Body: body } = await this.#client.send(command, { abortSignal });
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      // In Node.js, the body is a stream.
      for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
        onArrival();
        chunks.push(chunk);
        bytes += chunk.length;
        // A server that knows no ranges would send the whole object.
        if (bytes > bytesMax) break;
      }
      return Buffer.concat(chunks);
    });
  }
}

/** True for a page that holds as many entries as it says, and says how to go on. */
function isWhole({ IsTruncated, NextContinuationToken, KeyCount, Contents, CommonPrefixes }: Page): boolean {
  const entries = (Contents?.length ?? 0) + (CommonPrefixes?.length ?? 0);
  if (KeyCount !== undefined && KeyCount !== entries) return false;
  return IsTruncated !== true || NextContinuationToken !== undefined;
}
