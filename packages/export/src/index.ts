// SPDX-License-Identifier: MIT
export type { DataObject } from "./data-object";
export type { DataObjectName, SequenceRange } from "./data-object-name";
export {
  ExportWriteError,
  ManifestError,
  MalformedContentError,
  MissingObjectError,
  NotContiguousError,
  UnsupportedFormatError,
} from "./export-errors";
export type { ExportManifest, StartedManifest } from "./export-manifest";
export type { ExportStorage, LocatedObject, MissingObject } from "./export-storage";
export { ExportWriter, writeExport } from "./export-writer";
export type { ExportWriterOptions, WrittenExport } from "./export-writer";
export { FolderStorage } from "./folder-storage";
export { frameValues } from "./frame-values";
export type { FrameOptions } from "./frame-values";
export { readFrame } from "@ledger-loader/ion";
export type { IonFrame } from "@ledger-loader/ion";
export { JournalExport } from "./journal-export";
export type { JournalExportOptions } from "./journal-export";
export type { ExportFormat } from "./manifest-content";
export { readManifestAt } from "./manifest-source";
export type { ManifestSource } from "./manifest-source";
export { openExport, openManifests } from "./open-export";
export { revisionKind } from "./exported-block";
export type { ExportedBlock, ExportedRevision, RevisionKind } from "./exported-block";
export type { SuppliedProof } from "./anchor-check";
export type {
  AnchorResult,
  ExportFinding,
  ExportRule,
  Grade,
  RevisionCounts,
  TableCount,
  VerificationReport,
} from "./verification-report";
export { verifyExport } from "./verify-export";
export type { VerificationProgress, VerifyExportOptions } from "./verify-options";
