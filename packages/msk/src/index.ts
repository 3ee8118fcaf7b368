// SPDX-License-Identifier: MIT
export { createKafkaClient } from "./client";
export type { KafkaAuthentication, KafkaConnection } from "./client";
export { createKafkaConsumer } from "./consumer";
export type { KafkaConsumer, KafkaConsumerOptions } from "./consumer";
export { KafkaConsumerStalledError, KafkaRefusedError, KafkaTlsError, KafkaUnavailableError } from "./errors";
export { createMskHandler, kafkaItemIdentifier } from "./handler";
export type { FailedRecord, KafkaBatchResponse, KafkaEvent, MskHandler, MskHandlerOptions } from "./handler";
export { toKafkaDelivery } from "./kafka-delivery";
export type { KafkaHeader } from "./kafka-header";
export type { KafkaRecord, KafkaRecordOptions, Tombstones } from "./kafka-delivery";
export { createKafkaPublisher } from "./publisher";
export type { KafkaPublisher, KafkaPublisherOptions } from "./publisher";
export { KAFKA_SETTINGS, parseKafkaConnection, parseTombstones } from "./settings";
