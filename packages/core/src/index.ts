// SPDX-License-Identifier: MIT
export { BaseRevisionWriter, DEFAULT_ID_FIELD } from "./base-revision-writer";
export type { BaseRevisionWriterOptions } from "./base-revision-writer";
export { createBatchPublisher } from "./batch-publisher";
export type { BatchChannel, BatchPublishOptions } from "./batch-publisher";
export { BatchSender, ChannelUnavailableError } from "./batch-sender";
export type { BatchAnswer, BatchTransport, OutgoingMessage, SendRefusal } from "./batch-sender";
export { BOOKKEEPING_KEY, BOOKKEEPING_TABLE } from "./bookkeeping";
export { isSameLease, SHARD_END } from "./checkpoint-store";
export type { CheckpointStore, ShardLease } from "./checkpoint-store";
export { formatValue, parseConfig, parseSettings, toEnvironment } from "./config";
export type { Environment, LoaderConfig, SettingValues } from "./config";
export { renderConfigReference, renderSettings } from "./config-reference";
export { SETTINGS } from "./config-settings";
export type { DeadLetterTarget, Setting } from "./config-settings";
export { PLACEHOLDER_FIELD, placeholder, placeholderHash } from "./content";
export type { Consumer } from "./consumer";
export { createEvent } from "./create-event";
export type { EventFields } from "./create-event";
export { createLoaderFromConfig, ledgerFrom } from "./create-loader-from-config";
export type { LoaderSurroundings } from "./create-loader-from-config";
export type { AwaitedRevision, DeadLetter, DeadLetterSink } from "./dead-letter";
export { decodeDeadLetter, encodeDeadLetter, isDeadLetter } from "./dead-letter-codec";
export { DECISION_TABLE, parseDecisionTable } from "./decision-table";
export type { Decision } from "./decision-table";
export { decodeEvents, decodeValues, parseEvent } from "./decode-events";
export type { DecodedEvent, Delivery, DeliveryContent } from "./delivery";
export { DriverLedger } from "./driver-ledger";
export type { DriverLedgerOptions, LedgerCredentials } from "./driver-ledger";
export { EmfMetrics } from "./emf-metrics";
export type { EmfOptions } from "./emf-metrics";
export { encodeEvent, encodeSourceTransaction } from "./encode-event";
export {
  BookkeepingFormatError,
  CheckpointFileError,
  ConfigurationError,
  DeadLetterFormatError,
  DeadLettersMissingError,
  DeliveriesFailedError,
  DrainTimeoutError,
  FileLockedError,
  HealthServerError,
  InvalidEventError,
  InvalidIdentifierError,
  LedgerAnswerError,
  LedgerUnavailableError,
  MaskingConfigError,
  MaskingError,
  ParkingFailedError,
  StatementRefusedError,
  TableSetupError,
  TransactionConflictError,
  TransactionExpiredError,
  WriterContractError,
  WriterNotFoundError,
} from "./errors";
export { EVENT_OPS, isDeletion, recordKey } from "./event";
export type { EventOp, Position, RevisionEvent } from "./event";
export { escapeRefusedCharacters } from "./event-message";
export { EventsRefusedError } from "./events-refused-error";
export type { RefusedEvent } from "./events-refused-error";
export type { EventTransform } from "./event-transform";
export { FileCheckpointStore } from "./file-checkpoint-store";
export { FileDeadLetterSink } from "./file-dead-letter-sink";
export { withFileLock } from "./file-lock";
export { FileLetterBox } from "./file-letter-box";
export { startHealthServer } from "./health-server";
export type { HealthOptions, HealthServer } from "./health-server";
export { IDENTIFIER_LENGTH_MAX, isIdentifier, parseIdentifier, quoteIdentifier } from "./identifier";
export type { FieldName, Identifier, TableName } from "./identifier";
export { importExport } from "./import-export";
export { equalIon } from "./ion-equality";
export { comparePositions, judge } from "./judge";
export type { Change, JudgeMode, Verdict } from "./judge";
export type { Ledger, Transaction } from "./ledger";
export type { LetterBox, SettledLetter, TakenLetter, TakenLetters } from "./letter-box";
// A writer or mapper needs the loader's own copy of these: a second one would make structs that the loader does not know.
export { Decimal, dom, IonTypes, Timestamp } from "ion-js";
export { loadWriter, makeWriter } from "./load-writer";
export { causeOfFailure } from "./rejections";
export type { FailureCause } from "./rejections";
export { LoaderHealth } from "./loader-health";
export type { LoaderHealthOptions } from "./loader-health";
export type { StreamShard } from "./lease-keeper";
export { createLoader } from "./loader";
export type { Loader, LoaderOptions, LoadOptions, OnFailure } from "./loader";
export { silentLogger } from "./logger";
export type { LogFields, Logger } from "./logger";
export { createMasking } from "./masking";
export { parseMasking } from "./masking-config";
export type { MaskingAction, MaskingConfig, MaskingRule, TableMasking } from "./masking-config";
export { METRICS, noMetrics } from "./metrics";
export type { MetricDefinition, MetricKey, MetricLabels, Metrics } from "./metrics";
export { renderMetricsReference } from "./metrics-reference";
export { REJECT_REASONS, rejected, SKIP_REASONS } from "./outcome";
export type { Outcome, Rejected, RejectReason, Skipped, SkipReason, Written } from "./outcome";
export { Outbox } from "./outbox";
export type { OutboxLimits, OutboxMessage } from "./outbox";
export { parkFailures } from "./park-failures";
export type { ParkOptions } from "./park-failures";
export { createPinoLogger } from "./pino-logger";
export type { LogDestination } from "./pino-logger";
export { PROMETHEUS_CONTENT_TYPE, prometheusName, PrometheusMetrics } from "./prometheus-metrics";
export type { Publisher, PublishReport } from "./publisher";
export { toRecordId } from "./record-id";
export type { RecordId } from "./record-id";
export type { RecordState } from "./record-state";
export type { DeliveryReport, EventReport, LoadCounts, LoadReport } from "./report";
export { requireOrder } from "./require-order";
export { retryOutages } from "./retry-outages";
export type { OutageOptions } from "./retry-outages";
export { RevisionWriter } from "./revision-writer";
export { createShardConsumer, LEASE_MS } from "./shard-consumer";
export type { ShardConsumerOptions, ShardListing, ShardTask } from "./shard-consumer";
export type { CommittedRevision } from "./snapshot";
export { runWorker } from "./run-worker";
export type { SignalSource, WorkerOptions } from "./run-worker";
export type { StatementCodec } from "./statement-codec";
export { TableMapperRevisionWriter } from "./table-mapper-revision-writer";
export type { IdFieldMap, TableMapperOptions } from "./table-mapper-revision-writer";
export { BOOKKEEPING_NEED, ensureTables, readTables } from "./tables";
export type { TableNeed, Tables } from "./tables";
export { throwIfFailed } from "./throw-if-failed";
export type { DocumentChange } from "./transaction-plan";
export { QLDB_LIMITS } from "./write-context";
export type { TransactionLimits, WriteContext, WriteResult } from "./write-context";
export type { Refusal } from "./writer-hooks";
export { isTransient } from "./transient";
