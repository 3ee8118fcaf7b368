// SPDX-License-Identifier: MIT
export { QueueUnavailableError } from "./batch-sender";
export type { Refusal } from "./batch-sender";
export { createSqsConsumer } from "./consumer";
export type { SqsConsumerOptions } from "./consumer";
export { SqsDeadLetterSink } from "./dead-letter-sink";
export type { SqsDeadLetterSinkOptions } from "./dead-letter-sink";
export { decodeSqsMessage } from "./decode-sqs-message";
export { EventsRefusedError } from "./events-refused-error";
export type { RefusedEvent } from "./events-refused-error";
export { createSqsHandler } from "./handler";
export type { SqsHandler } from "./handler";
export { SqsLetterBox } from "./letter-box";
export type { SqsLetterBoxOptions } from "./letter-box";
export { createSqsPublisher } from "./publisher";
export type { SqsPublisherOptions } from "./publisher";
