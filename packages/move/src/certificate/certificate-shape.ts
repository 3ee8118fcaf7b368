// SPDX-License-Identifier: MIT
import {
  assuranceShape,
  type JsonShape,
  jsonAnchorsShape,
  jsonDigestShape,
  jsonFlag,
  jsonList,
  jsonNullable,
  jsonOneOf,
  jsonOptional,
  jsonRecord,
  jsonSha256,
  jsonStruct,
  jsonText,
  jsonWhole,
  verdictShape,
  verificationReportShape,
} from "@ledger-loader/export";
import {
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  type ReconcileReport,
  type TableComparison,
  type TableRevisions,
} from "../reconcile/reconcile-report";
import {
  CERTIFICATE_FORMAT,
  CERTIFICATE_VERSION,
  type Certificate,
  type CertificateReport,
  type CertificateSignature,
  type CertifiedComparison,
} from "./certificate";

const kinds = Object.keys(DIFFERENCE_KINDS) as DifferenceKind[];
const sides = jsonStruct<{ exported: number; ledger: number }>({ exported: jsonWhole, ledger: jsonWhole });
const compared = jsonStruct<{ exported: number; ledger: number; equal: number }>({
  exported: jsonWhole,
  ledger: jsonWhole,
  equal: jsonWhole,
});

const table = jsonStruct<TableComparison>({
  table: jsonText,
  idField: jsonText,
  documents: sides,
  revisions: jsonStruct<TableRevisions>({
    exported: jsonWhole,
    ledger: jsonWhole,
    equal: jsonWhole,
    missing: jsonWhole,
    extra: jsonWhole,
    different: jsonWhole,
  }),
  differences: jsonWhole,
});

const difference = jsonStruct<Difference>({
  kind: jsonOneOf(...kinds),
  table: jsonText,
  id: jsonOptional(jsonText) as JsonShape<string>,
  exported: jsonOptional(
    jsonStruct<NonNullable<Difference["exported"]>>({ version: jsonWhole, sequenceNo: jsonWhole }),
  ) as JsonShape<NonNullable<Difference["exported"]>>,
  ledger: jsonOptional(
    jsonStruct<NonNullable<Difference["ledger"]>>({
      documentId: jsonText,
      version: jsonOptional(jsonWhole) as JsonShape<number>,
      sequenceNo: jsonOptional(jsonWhole) as JsonShape<number>,
    }),
  ) as JsonShape<NonNullable<Difference["ledger"]>>,
  revisions: jsonOptional(jsonWhole) as JsonShape<number>,
  detail: jsonText,
});

const reconcileReport = jsonStruct<ReconcileReport>({
  equal: jsonFlag,
  documents: sides,
  revisions: compared,
  tables: jsonList(table),
  differencesTotal: jsonWhole,
  differencesByKind: jsonRecord(jsonWhole),
  differences: jsonList(difference),
  leftOut: jsonStruct<ReconcileReport["leftOut"]>({
    bookkeepingTables: jsonList(jsonText),
    otherTables: jsonList(jsonText),
    systemRevisions: jsonWhole,
  }),
  elapsedMs: jsonWhole,
});

const report = jsonStruct<CertificateReport>({
  kind: jsonOneOf("export", "reconcile"),
  verdict: verdictShape,
  assurance: jsonNullable(assuranceShape),
  issuedAt: jsonText,
  tool: jsonStruct<CertificateReport["tool"]>({ name: jsonText, version: jsonText }),
  verification: verificationReportShape,
  anchors: jsonAnchorsShape,
  comparison: jsonOptional(
    jsonStruct<CertifiedComparison>({
      ledgerName: jsonText,
      limits: jsonList(jsonText),
      ledgerDigest: jsonOptional(jsonDigestShape),
      report: reconcileReport,
    }),
  ),
});

/** The JSON form of a certificate. */
export const certificateShape: JsonShape<Certificate> = jsonStruct<Certificate>({
  format: jsonOneOf(CERTIFICATE_FORMAT),
  version: jsonOneOf(CERTIFICATE_VERSION),
  report,
  sha256: jsonSha256,
  signature: jsonOptional(
    jsonStruct<CertificateSignature>({
      algorithm: jsonOneOf("Ed25519"),
      publicKey: jsonText,
      value: jsonText,
    }),
  ),
});
