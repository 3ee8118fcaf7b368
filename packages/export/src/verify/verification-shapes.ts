// SPDX-License-Identifier: MIT
import type { Assurance, BlockAddress, RevisionTally, UncoveredField, Verdict } from "@ledger-loader/journal";
import {
  type JsonShape,
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
} from "../json/json-shape";
import type { SequenceRange } from "../read/data-object-name";
import type { FileHash } from "../read/object-content";
import type {
  AnchorResult,
  DataObjectHash,
  ExportFinding,
  RevisionCounts,
  TableCount,
  VerificationReport,
} from "./verification-report";

/** The JSON form of a verdict. */
export const verdictShape: JsonShape<Verdict> = jsonOneOf("passed", "failed", "not-comparable", "incomplete");

/** The JSON form of an assurance. */
export const assuranceShape: JsonShape<Assurance> = jsonOneOf("anchored", "consistent", "linked");

/** The JSON form of a range of blocks. */
export const rangeShape: JsonShape<SequenceRange> = jsonStruct({ first: jsonWhole, last: jsonWhole });

/** The JSON form of the times of the first and the last block. */
export const periodShape: JsonShape<{ readonly first: string; readonly last: string }> = jsonStruct({
  first: jsonText,
  last: jsonText,
});

/** The JSON form of a block address. */
export const blockAddressShape: JsonShape<BlockAddress> = jsonStruct({
  strandId: jsonText,
  sequenceNo: jsonWhole,
});

/** The JSON form of a finding. */
export const findingShape: JsonShape<ExportFinding> = jsonStruct<ExportFinding>({
  rule: jsonText as JsonShape<ExportFinding["rule"]>,
  severity: jsonOneOf("failed", "not-comparable", "incomplete", "warning"),
  message: jsonText,
  blockAddress: jsonOptional(blockAddressShape),
  field: jsonOptional(jsonText) as JsonShape<string>,
  documentId: jsonOptional(jsonText),
  version: jsonOptional(jsonWhole),
  expected: jsonOptional(jsonText),
  found: jsonOptional(jsonText),
  key: jsonOptional(jsonText) as JsonShape<string>,
});

/** The JSON form of an anchor's result. */
export const anchorResultShape: JsonShape<AnchorResult> = jsonStruct<AnchorResult>({
  kind: jsonOneOf("digest", "block-proof", "revision-proof"),
  blockAddress: blockAddressShape,
  documentId: jsonOptional(jsonText),
  status: jsonOneOf("verified", "failed", "unchecked", "not-comparable"),
  reason: jsonOptional(jsonText) as JsonShape<string>,
});

/** The JSON form of a table's count. */
export const tableCountShape: JsonShape<TableCount> = jsonStruct<TableCount>({
  tableId: jsonText,
  tableName: jsonText,
  revisions: jsonWhole,
});

/** The JSON form of the counts of revisions by what they hold. */
export const revisionCountsShape: JsonShape<RevisionCounts> = jsonStruct<RevisionCounts>({
  data: jsonWhole,
  delete: jsonWhole,
  redacted: jsonWhole,
  "hash-only": jsonWhole,
});

/** The JSON form of how revisions were verified. */
export const tallyShape: JsonShape<RevisionTally> = jsonStruct<RevisionTally>({
  revisions: jsonWhole,
  recomputed: jsonWhole,
  redacted: jsonWhole,
  deletedEmptyDigest: jsonWhole,
  deletedMetadataOnly: jsonWhole,
  deletedUnmatched: jsonWhole,
  hashOnly: jsonWhole,
  unrecomputed: jsonWhole,
});

/** The JSON form of a manifest's hash. */
export const fileHashShape: JsonShape<FileHash> = jsonStruct<FileHash>({
  location: jsonText,
  sha256: jsonSha256,
  bytes: jsonWhole,
});

/** The JSON form of a data object's hash. */
export const dataObjectHashShape: JsonShape<DataObjectHash> = jsonStruct<DataObjectHash>({
  key: jsonText,
  location: jsonText,
  sha256: jsonSha256,
  bytes: jsonWhole,
});

const digest = jsonStruct<{ hash: string; tipAddress: string }>({ hash: jsonHash, tipAddress: jsonText });

/** The JSON form of a whole report. `assurance` may be `null` there, where the report has none. */
export const verificationReportShape: JsonShape<VerificationReport> = jsonStruct<VerificationReport>({
  verdict: verdictShape,
  assurance: nullToUndefined(jsonOptional(jsonNullable(assuranceShape))),
  checkedAt: jsonText,
  ledgerName: jsonOptional(jsonText),
  exportIds: jsonList(jsonText),
  strandId: jsonOptional(jsonText),
  range: jsonOptional(rangeShape),
  period: jsonOptional(periodShape),
  digest: jsonOptional(digest),
  journalDigest: jsonOptional(digest),
  startsMidJournal: jsonFlag,
  objects: jsonWhole,
  blocks: jsonWhole,
  bytes: jsonWhole,
  revisions: revisionCountsShape,
  tally: tallyShape,
  linkedRevisions: jsonWhole,
  tables: jsonList(tableCountShape),
  anchors: jsonList(anchorResultShape),
  anchoredThrough: jsonOptional(jsonWhole),
  findings: jsonList(findingShape),
  findingCounts: jsonRecord(jsonWhole),
  uncoveredFields: jsonList(
    jsonStruct<UncoveredField>({ field: jsonText, when: jsonText, reason: jsonText }),
  ),
  manifests: jsonList(fileHashShape),
  dataObjects: jsonList(dataObjectHashShape),
});

function nullToUndefined<T>(shape: JsonShape<T | null>): JsonShape<T | undefined> {
  return (value, path) => shape(value, path) ?? undefined;
}
