// SPDX-License-Identifier: MIT
export type { DataObject } from "./read/data-object";
export type { DataObjectName, SequenceRange } from "./read/data-object-name";
export {
  ExportWriteError,
  InflationLimitError,
  ManifestError,
  MalformedContentError,
  MissingObjectError,
  NotContiguousError,
  ObjectUnreadableError,
  UnsupportedFormatError,
} from "./export-errors";
export {
  JsonShapeProblem,
  jsonFlag,
  jsonHash,
  jsonList,
  jsonNullable,
  jsonOneOf,
  jsonOptional,
  jsonRecord,
  jsonSha256,
  jsonStruct,
  jsonText,
  jsonWhole,
} from "./json/json-shape";
export type { JsonShape } from "./json/json-shape";
export type { ExportManifest, StartedManifest } from "./read/export-manifest";
export type { ExportStorage, LocatedObject, MissingObject } from "./read/export-storage";
export { ExportWriter, writeExport } from "./write/export-writer";
export type { ExportWriterOptions, WrittenExport } from "./write/export-writer";
export { parseBucketUrl } from "./s3/bucket-url";
export type { BucketUrl } from "./s3/bucket-url";
export { createBucketTarget } from "./s3/bucket-target";
export type { BucketClient } from "./s3/load-s3";
export type { BucketTargetOptions } from "./s3/bucket-target";
export type { ExportTarget, PartialFile } from "./write/export-target";
export { FolderStorage } from "./read/folder-storage";
export { frameValues } from "./read/frame-values";
export type { FrameOptions } from "./read/frame-values";
export { readFrame } from "@ledger-loader/ion";
export type { IonFrame } from "@ledger-loader/ion";
export { JournalExport } from "./read/journal-export";
export type { JournalExportOptions } from "./read/journal-export";
export type { ExportFormat } from "./read/manifest-content";
export type { FileHash } from "./read/object-content";
export { FOLDER_PLACE } from "./read/folder-place";
export type { ManifestPlace } from "./read/manifest-place";
export { readManifestsAt } from "./read/manifest-source";
export type { ManifestSource } from "./read/manifest-source";
export { openExport, openManifests } from "./read/open-export";
export type { OpenExportOptions } from "./read/open-export";
export { revisionKind } from "./read/exported-block";
export type { ExportedBlock, ExportedRevision, RevisionKind } from "./read/exported-block";
export type { SuppliedProof } from "./verify/anchor-check";
export type {
  AnchorResult,
  DataObjectHash,
  ExportFinding,
  ExportRule,
  RevisionCounts,
  TableCount,
  VerificationReport,
} from "./verify/verification-report";
export {
  fromJsonAnchors,
  fromJsonDigest,
  jsonAnchorsShape,
  jsonDigestShape,
  toJsonAnchors,
  toJsonDigest,
} from "./verify/anchor-json";
export type { JsonAnchors, JsonDigest, JsonProof } from "./verify/anchor-json";
export { anchorsOfPartials, joinPartials } from "./verify/part/join-partials";
export type { NamedPartial } from "./verify/part/join-partials";
export { parsePartial } from "./verify/part/parse-partial";
export { PartialError } from "./verify/part/partial-error";
export { verifyPart } from "./verify/part/partial-verification";
export type { PartialVerification, VerifyPartOptions } from "./verify/part/partial-verification";
export { objectSizes, planRuns, verifyInRuns, verifyRun } from "./verify/part/verify-in-runs";
export type { ObjectRun, VerificationPart } from "./verify/part/verification-part";
export {
  assuranceShape,
  blockAddressShape,
  verdictShape,
  verificationReportShape,
} from "./verify/verification-shapes";
export { verifyExport } from "./verify/verify-export";
export type { JournalEnd } from "./verify/journal-end";
export type { VerificationProgress, VerifiedBlock, VerifyExportOptions } from "./verify/verify-options";
export { countExport } from "./visit/export-statistics";
export type {
  BlockPlace,
  ExportStatistics,
  PeriodStatistics,
  StatisticsOptions,
  StatisticsPeriod,
  TableStatistics,
} from "./visit/export-statistics";
export { visitExport } from "./visit/visit-export";
export type { ExportVisitor } from "./visit/visit-export";
