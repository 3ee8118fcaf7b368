// SPDX-License-Identifier: MIT
export { AsyncFunction } from "./async-function";
export type { AsyncFunctionOptions } from "./async-function";
export { aHistory, anEvent } from "./builders";
export { deployTemplate } from "./deploy-template";
export type { DeployedResource, DeployedStack, TemplateDeployment } from "./deploy-template";
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
export { disturb } from "./disturb";
export type { Disturbance } from "./disturb";
export { startDynamoDb } from "./dynamodb-local";
export type { DynamoDbLocal } from "./dynamodb-local";
export { startEventBridge } from "./event-bridge-emulator";
export type { EventBridgeEmulator, EventBridgeOptions, PutFault } from "./event-bridge-emulator";
export { FaultyLedger } from "./faulty-ledger";
export type { LedgerFaults } from "./faulty-ledger";
export { compareHistories, findViolations } from "./find-violations";
export { TestServiceError } from "./guarded-process";
export { historiesOf, readHistories } from "./histories";
export type { Histories } from "./histories";
export { startKafka } from "./kafka-broker";
export type { KafkaBroker } from "./kafka-broker";
export { startKinesis } from "./kinesis-emulator";
export type { KinesisEmulator } from "./kinesis-emulator";
export { KinesisEventSource, toLambdaRecord } from "./kinesis-event-source";
export type { KinesisEventSourceOptions, KinesisFunction } from "./kinesis-event-source";
export { startKafkaStandIn } from "./kafka-stand-in";
export { LAMBDA_EVENTS } from "./lambda-events";
export type { LambdaEventCase } from "./lambda-events";
export { startLambda } from "./lambda-function";
export type { LambdaFunction, LambdaFunctionOptions } from "./lambda-function";
export type { LambdaResult } from "./lambda-runtime-api";
export { lintTemplates } from "./lint-templates";
export { malformedBodies } from "./malformed-bodies";
export type { MalformedBody } from "./malformed-bodies";
export { matchesEventPattern } from "./match-event-pattern";
export type { EventPattern } from "./match-event-pattern";
export { openMemoryLedger } from "./memory-ledger";
export type { MemoryLedger } from "./memory-ledger";
export { findMotoGaps, MOTO_GAPS } from "./moto-gaps";
export type { CloudFormationTemplate, MetGap, MotoGap, TemplateResource } from "./moto-gaps";
export { startMoto } from "./moto-server";
export type { MotoServer } from "./moto-server";
export { describeWhen, peerAvailability } from "./peer-availability";
export type { Availability, DescribeLike, PeerName } from "./peer-availability";
export { randomHistories } from "./random-histories";
export type { HistoryOptions, RecordHistory } from "./random-histories";
export { seededRandom } from "./random";
export type { Random } from "./random";
export { readKinesisStream } from "./read-kinesis-stream";
export { receiveAll } from "./receive-all";
export { ShardEventSource } from "./shard-event-source";
export type { ShardAnswer, ShardEventSourceOptions } from "./shard-event-source";
export { describeSimulation } from "./simulation/describe-simulation";
export type { SimulationVerdict } from "./simulation/describe-simulation";
export { SnsEventSource } from "./sns-event-source";
export type { SnsEventSourceCounts, SnsEventSourceOptions, SnsFunction } from "./sns-event-source";
export type { TestTopic, TestTopicOptions } from "./sns-topic";
export { SqsEmulatorError, startSqs } from "./sqs-emulator";
export type { SqsEmulator, TestQueue, TestQueueOptions } from "./sqs-emulator";
export { SqsEventSource, SqsNotDrainedError } from "./sqs-event-source";
export type { SqsEventSourceCounts, SqsEventSourceOptions, SqsFunction } from "./sqs-event-source";
export { SimulatedCrashError, withSqsFaults } from "./sqs-faults";
export type { SqsFaults } from "./sqs-faults";
export { startLedger } from "./start-ledger";
export type { TestLedger, TestLedgerOptions } from "./start-ledger";
