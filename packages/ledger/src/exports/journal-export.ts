// SPDX-License-Identifier: MIT

/** The state of an export; the words are QLDB's (`ExportStatus` of its API). */
export type ExportStatus = "IN_PROGRESS" | "COMPLETED" | "CANCELLED";

/** How an export was asked for. Times are in milliseconds since 1970. */
export interface JournalExportRequest {
  readonly inclusiveStartTime: number;
  readonly exclusiveEndTime: number;
  /** A bucket of S3, or a folder of this name in the folder for exports. */
  readonly bucket: string;
  readonly prefix: string;
  /** How S3 encrypts the objects. Files in a folder are not encrypted here. */
  readonly objectEncryptionType: "NO_ENCRYPTION" | "SSE_S3" | "SSE_KMS";
  /** The key of `SSE_KMS`. */
  readonly kmsKeyArn?: string | undefined;
  /** Kept for the answers: the server exports with its own AWS credentials. */
  readonly roleArn: string;
  readonly outputFormat: "ion-text" | "ion-binary";
}

/** An export of a part of a ledger's journal. */
export interface JournalExport extends JournalExportRequest {
  readonly exportId: string;
  readonly ledgerName: string;
  readonly creationTime: number;
  readonly status: ExportStatus;
  /** The server that writes it. Absent in records of earlier versions. */
  readonly serverId?: string;
}
