// SPDX-License-Identifier: MIT
export { AsyncInvocations } from "./async-invocations";
export type { AsyncInvocationsOptions } from "./async-invocations";
export type { SourceMessage } from "./channel-source";
export { describeSimulation } from "./describe-simulation";
export type { SimulationVerdict } from "./describe-simulation";
export { KafkaTopic } from "./kafka-topic";
export type { KafkaTopicEvent, KafkaTopicOptions } from "./kafka-topic";
export { ShardedStream } from "./sharded-stream";
export type { ShardBatchResponse, ShardedStreamOptions, ShardRecord } from "./sharded-stream";
export { simulateChannel } from "./simulate-channel";
export type { ChannelUnderTest, ChannelVerdict } from "./simulate-channel";
export type { Invoke, SimulatedChannel, World } from "./simulated-channel";
export { SnsTopicToQueue, toSnsNotification } from "./sns-topic-to-queue";
export type { SnsNotification, SnsTopicToQueueOptions } from "./sns-topic-to-queue";
export { SqsQueue } from "./sqs-queue";
export type { SqsQueueOptions } from "./sqs-queue";
export { SqsWorkers } from "./sqs-workers";
export type { SqsWorkerLife } from "./sqs-workers";
