// SPDX-License-Identifier: MIT
import { join } from "node:path";
import { createBucketTarget, type ExportTarget } from "@ledger-loader/export";
import type { ServiceClient } from "../service-client";
import { patternToExpression } from "../target-pattern";
import type { JournalExportRequest } from "./journal-export";

/** Where the person who runs the server allows exports. */
export interface ExportPlacesOptions {
  /** The folder whose folders stand for buckets. */
  readonly folder: string | undefined;
  /** Names of buckets in S3, or patterns of names. */
  readonly buckets: readonly string[];
  /** Makes the client for these buckets, which {@link ExportPlaces.close} ends. Default: one with the AWS SDK's own settings. */
  readonly s3Client: (() => Promise<ServiceClient>) | undefined;
}

/**
 * The places that exports may go to: buckets of S3 that are allowed by name; folders for all other buckets.
 *
 * An export carries every document out of the ledger with the server's own AWS credentials, so the operator names its buckets.
 */
export class ExportPlaces {
  readonly #options: ExportPlacesOptions;
  readonly #buckets: readonly RegExp[];
  #client: Promise<ServiceClient> | undefined;

  constructor(options: ExportPlacesOptions) {
    this.#options = options;
    this.#buckets = options.buckets.map(patternToExpression);
  }

  /** True if exports may go anywhere at all. */
  get isAny(): boolean {
    return this.#buckets.length > 0 || this.#options.folder !== undefined;
  }

  /** The kind of place that a bucket's name stands for; `undefined` if the operator allows no exports to it. */
  kindOf(bucket: string): "s3" | "folder" | undefined {
    if (this.#buckets.some((expression) => expression.test(bucket))) return "s3";
    return this.#options.folder === undefined ? undefined : "folder";
  }

  /** Opens the place of an export. */
  async open(request: JournalExportRequest): Promise<string | ExportTarget> {
    const { bucket, objectEncryptionType: encryption, kmsKeyArn } = request;
    if (this.kindOf(bucket) === "folder") return join(this.#options.folder ?? "", bucket);
    this.#client ??= (this.#options.s3Client ?? defaultClient)();
    return createBucketTarget({ client: await this.#client, bucket, encryption, kmsKeyArn });
  }

  async close(): Promise<void> {
    (await this.#client)?.destroy();
  }
}

async function defaultClient(): Promise<ServiceClient> {
  const sdk = await import("@aws-sdk/client-s3");
  return new sdk.S3Client({ followRegionRedirects: true });
}
