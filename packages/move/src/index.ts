// SPDX-License-Identifier: MIT
export type { Certificate, CertificateReport } from "./certificate/certificate";
export { CertificateError } from "./certificate/certificate-error";
export { checkSeal } from "./certificate/check-certificate";
export type { CertificateCheck } from "./certificate/check-certificate";
export { compareWithExport } from "./certificate/compare-export";
export { certifiedDigestsOf, compareWithLedger } from "./certificate/compare-ledger";
export { createCertificate } from "./certificate/create-certificate";
export type { CertificateSubject } from "./certificate/create-certificate";
export { certificatePage } from "./certificate/page/certificate-page";
export { parseCertificate } from "./certificate/parse-certificate";
export type { ParsedCertificate } from "./certificate/parse-certificate";
export { parsePublicKey, parseSignKey } from "./certificate/sign-certificate";
export { CheckpointError, CheckpointFile } from "./checkpoint";
export type { Checkpoint } from "./checkpoint";
export { createDriverHistory, HistoryChangedError, UnexpectedHistoryError } from "./reconcile/driver-history";
export { readEventEntries } from "./event-file";
export type { EventEntry } from "./event-file";
export type { ExportPart } from "./export-part";
export { toEvent } from "./export-events";
export { readBlockRevisions } from "./block-revisions";
export type { BlockRevision, BlockRevisions } from "./block-revisions";
export { withReceipts } from "./receipts/receipt-target";
export type { ReceiptTargetOptions } from "./receipts/receipt-target";
export { parseReceiptLine, readReceiptLines } from "./receipts/parse-receipt-line";
export { findInExport, findInLedger, verifyReceiptLines } from "./receipts/verify-receipts";
export type { FindRevisions, ReceiptLine, ReceiptProblem, ReceiptReport } from "./receipts/verify-receipts";
export { IdFieldTakenError, surveyIdFields } from "./id-field-survey";
export type { IdFieldSurvey, IdFieldSurveyOptions, TakenIdField } from "./id-field-survey";
export { IdMissingError } from "./reconcile/id-missing-error";
export { idFieldFinder } from "./id-fields";
export type { LedgerDocument, LedgerHistory, LedgerRevision } from "./reconcile/ledger-history";
export type { OnRejected } from "./deliver-all";
export { createLedgerTarget } from "./ledger-target";
export type { LedgerTargetOptions } from "./ledger-target";
export { loadEvents } from "./load-events";
export type { LoadEventsOptions, LoadEventsReport } from "./load-events";
export { createPublisherTarget } from "./publisher-target";
export { reconcile } from "./reconcile/reconcile";
export { reconcileExports } from "./reconcile/reconcile-exports";
export type { ReconcileExportsOptions } from "./reconcile/reconcile-exports";
export type { ReconcileOptions } from "./reconcile/reconcile";
export { DIFFERENCE_KINDS } from "./reconcile/reconcile-report";
export type {
  Difference,
  DifferenceKind,
  ReconcileReport,
  TableComparison,
} from "./reconcile/reconcile-report";
export { redriveLetters } from "./redrive-letters";
export type { RedriveOptions, RedriveReport, RedrivenLetter } from "./redrive-letters";
export { replayExport } from "./replay-export";
export type { ReplayOptions, ReplayReport } from "./replay-export";
export type { DeliveryEnd, ReplayTarget } from "./replay-target";
export { joinSteps, planSteps, verifyStep } from "./steps/verify-steps";
export type { StepStore, StepsVerdict, VerifyStep } from "./steps/verify-steps";
export type { EventEnd, RejectedEvent, Subject, TableCounts, TallyReport } from "./tally";
export type { ReplayChanges } from "./written-events";
