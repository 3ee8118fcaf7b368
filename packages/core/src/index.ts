// SPDX-License-Identifier: MIT
export { BaseRevisionWriter, DEFAULT_ID_FIELD } from "./writer/base-revision-writer";
export type { BaseRevisionWriterOptions } from "./writer/base-revision-writer";
export { isAwsError } from "./aws/aws-client";
export type { AwsClient } from "./aws/aws-client";
export { backoffMs, pause } from "./aws/backoff";
export type { Backoff } from "./aws/backoff";
export type { RetryOptions } from "./aws/retry-options";
export { createBatchPublisher } from "./publisher/batch-publisher";
export type { BatchChannel, BatchPublishOptions } from "./publisher/batch-publisher";
export { BatchSender, ChannelUnavailableError } from "./publisher/batch-sender";
export type { BatchAnswer, BatchTransport, OutgoingMessage, SendRefusal } from "./publisher/batch-sender";
export { BOOKKEEPING_KEY, BOOKKEEPING_TABLE } from "./writer/bookkeeping";
export { isSameLease, SHARD_END } from "./consumer/checkpoint-store";
export type { CheckpointStore, ShardLease } from "./consumer/checkpoint-store";
export { formatValue, parseConfig, refuseMapping, parseSettings, toEnvironment } from "./config/config";
export type { Environment, LoaderConfig, SettingValues } from "./config/config";
export { describeAccepted, renderConfigReference, renderSettings } from "./config/config-reference";
export { SETTINGS } from "./config/config-settings";
export type { Setting } from "./config/config-settings";
export type { DeadLetterTarget } from "./config/setting-parsers";
export { LOG_FORMATS, LOG_LEVELS } from "./observe/log-forms";
export type { LogFormat, LogLevel } from "./observe/log-forms";
export { PLACEHOLDER_FIELD, placeholder, placeholderHash } from "./writer/content";
export type { Consumer, ShardStatus } from "./consumer/consumer";
export { compareNumbersByValue } from "./event/compare-numbers-by-value";
export { createEvent } from "./event/create-event";
export type { EventFields } from "./event/create-event";
export { createLoaderFromConfig, ledgerFrom, maskingFrom } from "./config/create-loader-from-config";
export type { LoaderSurroundings } from "./config/create-loader-from-config";
export type { AwaitedRevision, DeadLetter, DeadLetterSink } from "./parking/dead-letter";
export { decodeDeadLetter, encodeDeadLetter, isDeadLetter } from "./parking/dead-letter-codec";
export { DECISION_TABLE, parseDecisionTable } from "./judge/decision-table";
export type { Decision } from "./judge/decision-table";
export { decodeDelivery } from "./event/decode-delivery";
export { decodeEvents, decodeValues, parseEvent } from "./event/decode-events";
export { decodeEventBridgeDetail, decodeMessage } from "./event/decode-message";
export type {
  BesideBody,
  BodyReader,
  DecodedEvent,
  Delivery,
  DeliveryContent,
  ReadableBytes,
} from "./event/delivery";
export { toLedgerError } from "./ledger/driver-errors";
export { DriverLedger } from "./ledger/driver-ledger";
export type { DriverLedgerOptions, LedgerCredentials } from "./ledger/driver-ledger";
export { hasAwsCredentials } from "./ledger/has-aws-credentials";
export { EmfMetrics } from "./observe/emf-metrics";
export type { EmfOptions } from "./observe/emf-metrics";
export { encodeEvent, encodeSourceTransaction } from "./event/encode-event";
export {
  BookkeepingFormatError,
  CheckpointFileError,
  ConfigurationError,
  DeadLetterFormatError,
  DeadLettersMissingError,
  DeadLettersNoFileError,
  DeliveriesFailedError,
  DrainTimeoutError,
  DryRunStorageError,
  FileLockedError,
  HealthServerError,
  InvalidIdentifierError,
  LedgerAnswerError,
  LedgerUnavailableError,
  MappingError,
  MaskingConfigError,
  MaskingError,
  ReceiptsUnwrittenError,
  StatementRefusedError,
  TableSetupError,
  TransactionConflictError,
  TransactionExpiredError,
  WriterContractError,
  WriterNotFoundError,
} from "./errors";
export { parseBoolean } from "./config/parse-boolean";
export { parseIdFields } from "./config/parse-id-fields";
export { resolveIdFields } from "./config/resolve-id-fields";
export { parseSettingsText } from "./config/parse-settings-text";
export { InvalidEventError } from "./event/invalid-event-error";
export { ParkingFailedError } from "./parking/parking-failed-error";
export { ALL_UNCHANGED, EVENT_OPS, isDeletion, orderingKey, recordKey } from "./event/event";
export type { EventOp, Position, RevisionEvent } from "./event/event";
export { escapeRefusedCharacters } from "./publisher/event-message";
export { EventsRefusedError } from "./publisher/events-refused-error";
export type { RefusedEvent } from "./publisher/events-refused-error";
export { mapContent } from "./event/event-mapping";
export type { EventMapping } from "./event/event-mapping";
export { eventFromRevision, operationOfRevision } from "./event/event-from-revision";
export { structField, textField } from "./event/struct-field";
export type { EventTransform } from "./event/event-transform";
export { FileCheckpointStore } from "./consumer/file-checkpoint-store";
export { FileDeadLetterSink } from "./parking/file-dead-letter-sink";
export { withFileLock } from "./files/file-lock";
export { FileLetterBox } from "./parking/file-letter-box";
export { startHealthServer } from "./consumer/health-server";
export type { HealthOptions, HealthServer, MetricsPage } from "./consumer/health-server";
export { IDENTIFIER_LENGTH_MAX, isIdentifier, parseIdentifier, quoteIdentifier } from "./event/identifier";
export type { FieldName, Identifier, TableName } from "./event/identifier";
export type { OnFailure } from "./loader/hold-back";
export { importExport } from "./config/import-export";
export { equalIon } from "@ledger-loader/ion";
export { comparePositions, judge } from "./judge/judge";
export type { Change, JudgeMode, Verdict } from "./judge/judge";
export type { Ledger, Transaction } from "./ledger/ledger";
export type { LetterBox, SettledLetter, TakenLetter, TakenLetters } from "./parking/letter-box";
// A writer or mapper needs the loader's own copy of these: a second one would make structs that the loader does not know.
export { Decimal, dom, IonTypes, Timestamp } from "ion-js";
export { loadWriter, makeWriter } from "./config/load-writer";
export { causeOfFailure } from "./parking/rejections";
export type { FailureCause } from "./parking/rejections";
export { LoaderHealth } from "./consumer/loader-health";
export type { LoaderHealthOptions } from "./consumer/loader-health";
export { Probe } from "./consumer/probe";
export type { ProbeOptions } from "./consumer/probe";
export type { StreamShard } from "./consumer/lease-keeper";
export { mapDeliveries } from "./loader/map-deliveries";
export { createLoader } from "./loader/loader";
export type { Loader, LoaderOptions, LoadOptions } from "./loader/loader";
export { silentLogger } from "./observe/logger";
export type { LogFields, Logger } from "./observe/logger";
export { OutageLog } from "./observe/outage-log";
export type { OutageTexts } from "./observe/outage-log";
export { LOG_IDS, recordNaming } from "./observe/record-name";
export type { LogIds, RecordNaming } from "./observe/record-name";
export { createMasking } from "./masking/masking";
export { parseMasking } from "./masking/masking-config";
export type { MaskingAction, MaskingConfig, MaskingRule, TableMasking } from "./masking/masking-config";
export { METRICS, noMetrics } from "./observe/metrics";
export type { MetricDefinition, MetricKey, MetricLabels, Metrics } from "./observe/metrics";
export { renderMetricsReference } from "./observe/metrics-reference";
export { readSettingsFile } from "./config/read-settings-file";
export { REJECT_REASONS, rejected, SKIP_REASONS } from "./event/outcome";
export type {
  Outcome,
  Rejected,
  RejectReason,
  RevisionPlace,
  Skipped,
  SkipReason,
  Written,
} from "./event/outcome";
export { FileReceiptSink } from "./receipt/file-receipt-sink";
export { keepReceipts } from "./receipt/keep-receipts";
export type { ReceiptOptions } from "./receipt/keep-receipts";
export { makeReceipts } from "./receipt/load-receipt";
export type { LoadReceipt, ReceiptSink, ReceiptSource } from "./receipt/load-receipt";
export { proofKey, readRevisionProofs } from "./receipt/revision-proof";
export type { RevisionProof, WantedRevision } from "./receipt/revision-proof";
export { Outbox } from "./publisher/outbox";
export type { OutboxLimits, OutboxMessage } from "./publisher/outbox";
export { parkFailures } from "./parking/park-failures";
export type { ParkOptions } from "./parking/park-failures";
export { createPinoLogger } from "./observe/pino-logger";
export type { LogDestination } from "./observe/pino-logger";
export { PROMETHEUS_CONTENT_TYPE, prometheusName, PrometheusMetrics } from "./observe/prometheus-metrics";
export { withoutUndefined } from "./without-undefined";
export { Publication } from "./publisher/publication";
export type { Publisher, PublishReport } from "./publisher/publisher";
export { runOutbox } from "./publisher/run-outbox";
export type { OutboxWork } from "./publisher/run-outbox";
export { toRecordId } from "./event/record-id";
export type { RecordId } from "./event/record-id";
export type { RecordState } from "./judge/record-state";
export { toReport } from "./loader/report";
export type { DeliveryReport, EventReport, LoadCounts, LoadReport, PendingDelivery } from "./loader/report";
export { lowestFailure } from "./loader/lowest-failure";
export type { ShardBatchResponse } from "./loader/lowest-failure";
export { describePayload, recordsOf } from "./loader/records-of";
export { requireOrder } from "./loader/require-order";
export { retryOutages } from "./loader/retry-outages";
export type { OutageOptions } from "./loader/retry-outages";
export { RevisionWriter } from "./writer/revision-writer";
export { createShardConsumer, LEASE_MS } from "./consumer/shard-consumer";
export type { ShardConsumerOptions, ShardListing, ShardTask } from "./consumer/shard-consumer";
export type { CommittedRevision } from "./writer/snapshot";
export { runWorker } from "./consumer/run-worker";
export { OpenRecords } from "./consumer/open-records";
export type { SignalSource, WorkerOptions } from "./consumer/run-worker";
export { TableMapperRevisionWriter } from "./writer/table-mapper-revision-writer";
export type { IdFieldMap, TableMapperOptions } from "./writer/table-mapper-revision-writer";
export { BOOKKEEPING_NEED, ensureTables, readTables } from "./writer/tables";
export type { TableNeed, Tables } from "./writer/tables";
export { throwIfFailed } from "./loader/throw-if-failed";
export type { DocumentChange } from "./writer/document-change";
export { QLDB_LIMITS } from "./writer/transaction-limits";
export type { TransactionLimits } from "./writer/transaction-limits";
export type { WriteContext, WriteResult } from "./writer/write-context";
export type { Refusal } from "./writer/writer-hooks";
export { isTransient } from "./aws/transient";
