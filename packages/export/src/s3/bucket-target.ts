// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import type { PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { ExportWriteError } from "../export-errors";
import type { ExportTarget, PartialFile } from "../write/export-target";
import { formatBucketUrl } from "./bucket-url";
import { foundInstead } from "./describe-failure";
import { ANSWER_LIMIT_MS } from "./export-bucket";
import { loadS3, type BucketClient } from "./load-s3";
import { withAnswerLimit } from "./with-answer-limit";
import { TRIES, isRefusal, withTries } from "./with-tries";

/** A bucket to which an export is written. */
export interface BucketTargetOptions {
  readonly client: BucketClient;
  readonly bucket: string;
  /**
   * How the bucket encrypts the objects: with keys of S3 (`SSE_S3`), or with a key of KMS. A key that is not named is the bucket's
   * own, or that of AWS.
   *
   * @defaultValue `NO_ENCRYPTION`: as the bucket does by itself
   */
  readonly encryption?: "NO_ENCRYPTION" | "SSE_S3" | "SSE_KMS";
  readonly kmsKeyArn?: string | undefined;
  /**
   * How long S3 may take to answer, in milliseconds, and the time that the object takes to arrive at 256 KB a second. Then the
   * request is made again, up to 4 times.
   * @defaultValue 20 000
   */
  readonly answerLimitMs?: number | undefined;
}

/** An upload that is slower counts as one that S3 does not answer. */
const UPLOAD_BYTES_PER_MS = 256;

/** Marks objects of one writer: an answer that was lost on the way is then told from an object of somebody else. */
const WRITER = "ledger-loader-writer";

/**
 * A bucket of S3, or of a service with its protocol, as the target of an export.
 *
 * An object is kept in memory until it is complete, because its key is known only then. It is put on the condition that there is
 * none of its key (`If-None-Match: *`).
 */
export async function createBucketTarget(options: BucketTargetOptions): Promise<ExportTarget> {
  return new BucketTarget(await loadS3(), options);
}

type WritingSdk = Pick<
  typeof import("@aws-sdk/client-s3"),
  "DeleteObjectCommand" | "HeadObjectCommand" | "PutObjectCommand"
>;

class BucketTarget implements ExportTarget {
  readonly #sdk: WritingSdk;
  readonly #options: BucketTargetOptions;
  readonly #client: S3Client;
  readonly #writer = randomUUID();
  readonly #written: string[] = [];
  /** The key of a request that nobody answered: S3 may have put the object, or may still do so. */
  #doubtful: string | undefined;

  constructor(sdk: WritingSdk, options: BucketTargetOptions) {
    this.#sdk = sdk;
    this.#options = options;
    this.#client = options.client as S3Client;
  }

  begin(): Promise<PartialFile> {
    return Promise.resolve(new PartialObject());
  }

  async finish(file: PartialFile, key: string): Promise<void> {
    if (!(file instanceof PartialObject))
      throw new Error("Expected an object of this target, found another.");
    await this.#try(key, () => this.#put(key, file.content));
    this.#written.push(key);
  }

  /** S3 answers only when an object is safe. */
  sync(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Removes the written objects. Those that stay are no export without its completed manifest; the reason why writing
   * failed matters more. A bucket that does not answer is asked once.
   */
  async takeBack(): Promise<void> {
    const written = this.#written.splice(0);
    try {
      if (this.#doubtful !== undefined && (await this.#isOurs(this.#doubtful)))
        written.unshift(this.#doubtful);
    } catch (error) {
      if (!isRefusal(error)) return;
    }
    for (const key of written) if (!(await this.#remove(key))) return;
  }

  locationOf(key: string): string {
    return formatBucketUrl({ bucket: this.#options.bucket, key });
  }

  async #put(key: string, content: Uint8Array): Promise<void> {
    const command = new this.#sdk.PutObjectCommand({
      Bucket: this.#options.bucket,
      Key: key,
      Body: content,
      IfNoneMatch: "*",
      Metadata: { [WRITER]: this.#writer },
      ...encryptionOf(this.#options),
    });
    try {
      await this.#limited((abortSignal) => this.#client.send(command, { abortSignal }), content.length);
    } catch (error) {
      const isTaken = (error as Error).name === "PreconditionFailed";
      if (!isTaken) throw error;
      if (!(await this.#isOurs(key))) throw this.#taken(key);
    }
  }

  /** A try that succeeded and whose answer was lost has put the object. */
  async #isOurs(key: string): Promise<boolean> {
    const command = new this.#sdk.HeadObjectCommand({ Bucket: this.#options.bucket, Key: key });
    const found = await this.#limited((abortSignal) => this.#client.send(command, { abortSignal }));
    return found.Metadata?.[WRITER] === this.#writer;
  }

  /** Removes an object; false if the bucket does not answer. */
  async #remove(key: string): Promise<boolean> {
    const command = new this.#sdk.DeleteObjectCommand({ Bucket: this.#options.bucket, Key: key });
    try {
      await this.#limited((abortSignal) => this.#client.send(command, { abortSignal }));
      return true;
    } catch (error) {
      return isRefusal(error);
    }
  }

  #limited<T>(request: (signal: AbortSignal) => Promise<T>, bytes = 0): Promise<T> {
    const { answerLimitMs = ANSWER_LIMIT_MS } = this.#options;
    return withAnswerLimit(answerLimitMs + Math.ceil(bytes / UPLOAD_BYTES_PER_MS), request);
  }

  /** A refusal is thrown as it is: the caller knows what it has asked for. */
  async #try(key: string, request: () => Promise<void>): Promise<void> {
    try {
      await withTries(request);
    } catch (error) {
      if (error instanceof ExportWriteError || isRefusal(error)) throw error;
      this.#doubtful = key;
      const found = `${foundInstead(error)}, after ${TRIES} tries`;
      throw new ExportWriteError(
        `Expected to write ${this.locationOf(key)}, found ${found}: check the connection and what lies between, then export again.`,
        { cause: error, retryable: true },
      );
    }
  }

  #taken(key: string): ExportWriteError {
    return new ExportWriteError(
      `Expected no object at ${this.locationOf(key)}, found one: nothing is overwritten. Choose another bucket or prefix, or remove it.`,
    );
  }
}

function encryptionOf({
  encryption,
  kmsKeyArn,
}: BucketTargetOptions): Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId"> {
  if (encryption === "SSE_S3") return { ServerSideEncryption: "AES256" };
  return encryption === "SSE_KMS" ? { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn } : {};
}

/** An object that is not complete. */
class PartialObject implements PartialFile {
  size = 0;
  #chunks: Uint8Array[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    this.size += bytes.length;
    return Promise.resolve();
  }

  discard(): Promise<void> {
    this.#chunks = [];
    return Promise.resolve();
  }

  get content(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
