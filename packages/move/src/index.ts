// SPDX-License-Identifier: MIT
export { CheckpointError, CheckpointFile } from "./checkpoint";
export type { Checkpoint } from "./checkpoint";
export { createDriverHistory, HistoryChangedError, UnexpectedHistoryError } from "./reconcile/driver-history";
export { readEventEntries } from "./event-file";
export type { EventEntry } from "./event-file";
export type { ExportPart } from "./export-part";
export { toEvent } from "./export-events";
export { readBlockRevisions } from "./block-revisions";
export type { BlockRevision, BlockRevisions } from "./block-revisions";
export { IdFieldTakenError, surveyIdFields } from "./id-field-survey";
export type { IdFieldSurvey, IdFieldSurveyOptions, TakenIdField } from "./id-field-survey";
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
export type { EventEnd, RejectedEvent, Subject, TableCounts, TallyReport } from "./tally";
