// SPDX-License-Identifier: MIT
export { createSqsConsumer } from "./consumer";
export type { SqsConsumerOptions } from "./consumer";
export { SqsDeadLetterSink } from "./dead-letter-sink";
export type { SqsDeadLetterSinkOptions } from "./dead-letter-sink";
export { createSqsHandler } from "./handler";
export type { RemainingTime, SqsHandler, SqsHandlerOptions } from "./handler";
export { SqsLetterBox } from "./letter-box";
export type { SqsLetterBoxOptions } from "./letter-box";
export { SqsReceiptSink } from "./receipt-sink";
export type { SqsReceiptSinkOptions } from "./receipt-sink";
export { createSqsPublisher } from "./publisher";
export type { SqsPublisherOptions } from "./publisher";
export { retryWindowSeconds } from "./retry-delay";
export type { QueueRetries } from "./retry-delay";
