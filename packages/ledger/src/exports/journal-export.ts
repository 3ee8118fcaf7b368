// SPDX-License-Identifier: MIT

/** What became of an export; the words are QLDB's (`ExportStatus` of its API). */
export type ExportStatus = "IN_PROGRESS" | "COMPLETED" | "CANCELLED";

/** How an export was asked for. Times are in milliseconds since 1970. */
export interface JournalExportRequest {
  readonly inclusiveStartTime: number;
  readonly exclusiveEndTime: number;
  /** A folder of this name in the folder for exports. */
  readonly bucket: string;
  readonly prefix: string;
  /** Kept for the answers; files are not encrypted here. */
  readonly objectEncryptionType: "NO_ENCRYPTION" | "SSE_S3";
  readonly roleArn: string;
  readonly outputFormat: "ion-text" | "ion-binary";
}

/** An export of a part of a ledger's journal. */
export interface JournalExport extends JournalExportRequest {
  readonly exportId: string;
  readonly ledgerName: string;
  readonly creationTime: number;
  readonly status: ExportStatus;
}
