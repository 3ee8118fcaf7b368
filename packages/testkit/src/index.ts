// SPDX-License-Identifier: MIT
export { debeziumDeletion, debeziumRecord, withSchema } from "./event-source/debezium-records";
export type { DebeziumChange, TopicRecord } from "./event-source/debezium-records";
export { AsyncFunction } from "./event-source/async-function";
export type { AsyncFunctionOptions } from "./event-source/async-function";
export { buildPackage } from "./build-package";
export { aHistory, anEvent } from "./ledger/builders";
export { deployTemplate } from "./peers/deploy-template";
export type { DeployedResource, DeployedStack, TemplateDeployment } from "./peers/deploy-template";
export { describeChannel } from "./channel/describe-channel";
export { drainOverLambda, openKinesisChannel } from "./channel/kinesis-channel";
export type { KinesisDrain, KinesisRecordForm } from "./channel/kinesis-channel";
export type {
  ChannelMessage,
  ChannelSetup,
  ChannelTraits,
  HoldUp,
  TestChannel,
} from "./channel/test-channel";
export { describeRevisionWriter } from "./describe-revision-writer";
export type { RevisionWriterSubject } from "./describe-revision-writer";
export { disturb } from "./ledger/disturb";
export type { Disturbance } from "./ledger/disturb";
export { chromiumAvailability } from "./peers/chromium";
export type { ChromiumAvailability } from "./peers/chromium";
export { startDynamoDb } from "./peers/dynamodb-local";
export type { DynamoDbLocal } from "./peers/dynamodb-local";
export { startEventBridge } from "./peers/event-bridge-emulator";
export type { EventBridgeEmulator, EventBridgeOptions, PutFault } from "./peers/event-bridge-emulator";
export { FaultyLedger } from "./ledger/faulty-ledger";
export type { LedgerFaults } from "./ledger/faulty-ledger";
export { compareHistories, findViolations } from "./ledger/find-violations";
export { TestServiceError } from "./peers/guarded-process";
export { historiesOf, readHistories } from "./ledger/histories";
export type { Histories } from "./ledger/histories";
export { startKafka } from "./peers/kafka-broker";
export type { KafkaBroker } from "./peers/kafka-broker";
export { startKinesis } from "./peers/kinesis-emulator";
export type { KinesisEmulator } from "./peers/kinesis-emulator";
export { PackedPackages, registryReadiness, runProgram } from "./installed-project";
export type { ProgramResult } from "./installed-project";
export { KinesisEventSource, toLambdaRecord } from "./event-source/kinesis-event-source";
export type { KinesisEventSourceOptions, KinesisFunction } from "./event-source/kinesis-event-source";
export { startKafkaStandIn } from "./kafka/kafka-stand-in";
export { LAMBDA_EVENTS } from "./event-source/lambda-events";
export type { LambdaEventCase } from "./event-source/lambda-events";
export { startLambda } from "./peers/lambda-function";
export type { LambdaFunction, LambdaFunctionOptions } from "./peers/lambda-function";
export type { LambdaResult } from "./peers/lambda-runtime-api";
export { lintTemplates } from "./peers/lint-templates";
export { malformedBodies } from "./ledger/malformed-bodies";
export type { MalformedBody } from "./ledger/malformed-bodies";
export { matchesEventPattern } from "./event-source/match-event-pattern";
export type { EventPattern } from "./event-source/match-event-pattern";
export { openMemoryLedger } from "./ledger/memory-ledger";
export type { MemoryLedger } from "./ledger/memory-ledger";
export { findMotoGaps, MOTO_GAPS } from "./peers/moto-gaps";
export type { CloudFormationTemplate, MetGap, MotoGap, TemplateResource } from "./peers/moto-gaps";
export { startMoto } from "./moto-server";
export type { MotoServer } from "./moto-server";
export { describeWhen, peerAvailability } from "./peers/peer-availability";
export type { Availability, DescribeLike, PeerName, Readiness } from "./peers/peer-availability";
export { randomHistories } from "./ledger/random-histories";
export type { HistoryOptions, RecordHistory } from "./ledger/random-histories";
export { seededRandom } from "./ledger/random";
export type { Random } from "./ledger/random";
export { readKinesisStream } from "./event-source/read-kinesis-stream";
export { receiveAll } from "./event-source/receive-all";
export { ShardEventSource } from "./event-source/shard-event-source";
export type { ShardAnswer, ShardEventSourceOptions } from "./event-source/shard-event-source";
export { postgresAvailability, startPostgres } from "./peers/postgres";
export type { PostgresServer } from "./peers/postgres";
export { type PostgresStandby, startPostgresStandby } from "./peers/postgres-standby";
export { startSwitchedRelay, type SwitchedRelay } from "./peers/switched-relay";
export { plainRuns } from "./simulation/plain-runs";
export { describeSimulation } from "./simulation/describe-simulation";
export type { SimulationVerdict } from "./simulation/describe-simulation";
export { SnsEventSource } from "./event-source/sns-event-source";
export type {
  SnsEventSourceCounts,
  SnsEventSourceOptions,
  SnsFunction,
} from "./event-source/sns-event-source";
export type { TestTopic, TestTopicOptions } from "./event-source/sns-topic";
export { SqsEmulatorError, startSqs } from "./peers/sqs-emulator";
export type { SqsEmulator, TestQueue, TestQueueOptions } from "./peers/sqs-emulator";
export { SqsEventSource, SqsNotDrainedError } from "./event-source/sqs-event-source";
export type {
  SqsEventSourceCounts,
  SqsEventSourceOptions,
  SqsFunction,
} from "./event-source/sqs-event-source";
export { SimulatedCrashError, withSqsFaults } from "./event-source/sqs-faults";
export type { SqsFaults } from "./event-source/sqs-faults";
export { startLedger } from "./ledger/start-ledger";
export type { TestLedger, TestLedgerOptions } from "./ledger/start-ledger";
export { arbitraryIon, arbitraryStruct } from "./ion/arbitrary-ion";
export { arbitraryDocumentText, arbitraryIonText } from "./ion/arbitrary-ion-text";
export { inPieces } from "./ion/in-pieces";
