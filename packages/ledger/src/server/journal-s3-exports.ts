// SPDX-License-Identifier: MIT
import type { JournalExports } from "../exports/journal-exports";
import type { JournalExport, JournalExportRequest } from "../exports/journal-export";
import type { LedgerStore } from "../ledger-store";
import { accessDenied, AwsError, invalidParameter, unsupportedOperation } from "./aws-error";
import { type JsonObject, readObject, readString } from "./json";
import { newestFirst } from "./newest-first";
import { pageOf } from "./page-list";
import { readTime } from "./read-time";

type Answer = Record<string, unknown>;

/** Exports of a ledger that run at once (QLDB's quota). */
const runningMax = 2;
/** A bucket can be a folder: no name leads out of the folder for exports. */
const bucketPattern = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const formats = { ION_TEXT: "ion-text", ION_BINARY: "ion-binary" } as const;

/** The operations of QLDB's control plane on exports; members follow `@aws-sdk/client-qldb`. */
export class JournalExportsApi {
  readonly #store: LedgerStore;
  readonly #exports: JournalExports;

  constructor(store: LedgerStore, exports: JournalExports) {
    this.#store = store;
    this.#exports = exports;
  }

  /** `ExportJournalToS3` */
  async start(ledgerName: string, body: JsonObject): Promise<Answer> {
    await this.#store.open(ledgerName);
    if (!this.#exports.places.isAny) {
      const instead =
        'start the server with "--allow-bucket NAME" or "--export-folder DIR", or export a journal with "ledger-loader ledger export NAME --output DIR"';
      throw unsupportedOperation("ExportJournalToS3", instead);
    }
    const request = readRequest(body);
    this.#requirePlace(request);
    const known = await this.#exports.list(ledgerName);
    const running = known.filter(({ status }) => status === "IN_PROGRESS");
    if (running.length >= runningMax) {
      const message = `Expected at most ${runningMax} exports of a ledger at once: wait for one to end.`;
      throw new AwsError("LimitExceededException", 400, message, { ResourceType: "Export" });
    }
    return { ExportId: (await this.#exports.start(ledgerName, request)).exportId };
  }

  #requirePlace({ bucket, objectEncryptionType }: JournalExportRequest): void {
    const kind = this.#exports.places.kindOf(bucket);
    if (kind === undefined) {
      throw accessDenied(
        `Expected a bucket that the server may export to, found ${bucket}: start the server with "--allow-bucket ${bucket}".`,
      );
    }
    if (kind === "s3" || objectEncryptionType !== "SSE_KMS") return;
    const message =
      "Expected NO_ENCRYPTION or SSE_S3: the bucket is a folder here, where keys of KMS are not used. Encrypt its disk.";
    throw invalidParameter("ObjectEncryptionType", message);
  }

  /** `DescribeJournalS3Export` */
  async describe(ledgerName: string, exportId: string): Promise<Answer> {
    await this.#store.open(ledgerName);
    const known = await this.#exports.list(ledgerName);
    const found = known.find((each) => each.exportId === exportId);
    if (found !== undefined) return { ExportDescription: describe(found) };
    const message = `Expected an export of the ledger ${ledgerName}, found none of this id.`;
    throw new AwsError("ResourceNotFoundException", 404, message, {
      ResourceType: "Export",
      ResourceName: exportId,
    });
  }

  /** `ListJournalS3ExportsForLedger` */
  async listOf(ledgerName: string, query: URLSearchParams): Promise<Answer> {
    await this.#store.open(ledgerName);
    return this.#page(`exports of ${ledgerName}`, await this.#exports.list(ledgerName), query);
  }

  /** `ListJournalS3Exports` */
  async list(query: URLSearchParams): Promise<Answer> {
    return this.#page("exports", await this.#exports.list(), query);
  }

  #page(name: string, items: readonly JournalExport[], query: URLSearchParams): Answer {
    const order = newestFirst<JournalExport>(({ exportId }) => exportId);
    const page = pageOf({ name, items, ...order }, query);
    const { items: exports, ...next } = page;
    return { JournalS3Exports: exports.map(describe), ...next };
  }
}

function describe(known: JournalExport): Answer {
  return {
    LedgerName: known.ledgerName,
    ExportId: known.exportId,
    ExportCreationTime: known.creationTime / 1000,
    Status: known.status,
    InclusiveStartTime: known.inclusiveStartTime / 1000,
    ExclusiveEndTime: known.exclusiveEndTime / 1000,
    S3ExportConfiguration: {
      Bucket: known.bucket,
      Prefix: known.prefix,
      EncryptionConfiguration: {
        ObjectEncryptionType: known.objectEncryptionType,
        KmsKeyArn: known.kmsKeyArn,
      },
    },
    RoleArn: known.roleArn,
    OutputFormat: known.outputFormat === "ion-text" ? "ION_TEXT" : "ION_BINARY",
  };
}

function readRequest(body: JsonObject): JournalExportRequest {
  const inclusiveStartTime = readRequiredTime(body, "InclusiveStartTime");
  const exclusiveEndTime = readRequiredTime(body, "ExclusiveEndTime");
  if (exclusiveEndTime > Date.now()) {
    throw invalidParameter("ExclusiveEndTime", "Expected a time that is not in the future.");
  }
  if (inclusiveStartTime > exclusiveEndTime) {
    throw invalidParameter("InclusiveStartTime", "Expected a time that is not after ExclusiveEndTime.");
  }
  return {
    inclusiveStartTime,
    exclusiveEndTime,
    ...readConfiguration(readObject(body, "S3ExportConfiguration")),
    roleArn: readString(body, "RoleArn"),
    outputFormat: readFormat(body["OutputFormat"] ?? "ION_TEXT"),
  };
}

function readRequiredTime(body: JsonObject, name: string): number {
  const time = readTime(body, name);
  if (time === undefined) throw invalidParameter(name, "Expected a time, found none.");
  return time;
}

function readConfiguration(
  configuration: JsonObject,
): Pick<JournalExportRequest, "bucket" | "prefix" | "objectEncryptionType" | "kmsKeyArn"> {
  const bucket = readString(configuration, "Bucket");
  if (!bucketPattern.test(bucket)) throw invalidParameter("Bucket", "Expected the name of a bucket.");
  const prefix = readString(configuration, "Prefix");
  if (prefix.startsWith("/") || prefix.split("/").some((part) => part === "." || part === "..")) {
    throw invalidParameter(
      "Prefix",
      "Expected a prefix without a leading slash and without . and .. as folders.",
    );
  }
  return { bucket, prefix, ...readEncryption(readObject(configuration, "EncryptionConfiguration")) };
}

function readEncryption(
  encryption: JsonObject,
): Pick<JournalExportRequest, "objectEncryptionType" | "kmsKeyArn"> {
  const { ObjectEncryptionType: type, KmsKeyArn: key = null } = encryption;
  if (type !== "NO_ENCRYPTION" && type !== "SSE_S3" && type !== "SSE_KMS") {
    throw invalidParameter("ObjectEncryptionType", "Expected NO_ENCRYPTION, SSE_S3 or SSE_KMS.");
  }
  if (key === null) return { objectEncryptionType: type };
  if (type !== "SSE_KMS")
    throw invalidParameter("KmsKeyArn", "Expected no key, or SSE_KMS as the encryption.");
  return { objectEncryptionType: type, kmsKeyArn: readString(encryption, "KmsKeyArn") };
}

function readFormat(format: unknown): JournalExportRequest["outputFormat"] {
  if (format === "ION_TEXT" || format === "ION_BINARY") return formats[format];
  const message = "Expected ION_TEXT or ION_BINARY: hashes cannot be verified in JSON.";
  throw invalidParameter("OutputFormat", message);
}
