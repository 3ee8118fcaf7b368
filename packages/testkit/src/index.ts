// SPDX-License-Identifier: MIT
export { aHistory, anEvent } from "./builders";
export { disturb } from "./disturb";
export type { Disturbance } from "./disturb";
export { malformedBodies } from "./malformed-bodies";
export type { MalformedBody } from "./malformed-bodies";
export { seededRandom } from "./random";
export type { Random } from "./random";
export { receiveAll } from "./receive-all";
export { SqsEmulatorError, startSqs } from "./sqs-emulator";
export type { SqsEmulator, TestQueue, TestQueueOptions } from "./sqs-emulator";
export { SqsEventSource, SqsNotDrainedError } from "./sqs-event-source";
export type { SqsEventSourceCounts, SqsEventSourceOptions, SqsFunction } from "./sqs-event-source";
export { SimulatedCrashError, withSqsFaults } from "./sqs-faults";
export type { SqsFaults } from "./sqs-faults";
