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
export { JournalExport } from "./journal-export";
export type { JournalExportOptions } from "./journal-export";
export type { ExportFormat } from "./manifest-content";
export { readManifestAt } from "./manifest-source";
export type { ManifestSource } from "./manifest-source";
export { openExport, openManifests } from "./open-export";
