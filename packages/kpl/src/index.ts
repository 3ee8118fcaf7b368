// SPDX-License-Identifier: MIT
export { aggregate, Aggregator } from "./aggregator";
export type { AggregatorOptions, KinesisRecord } from "./aggregator";
export { deaggregate } from "./deaggregate";
export type { Deaggregation, OrdinaryReason, SubRecord } from "./deaggregate";
export { InvalidUserRecordError, UserRecordTooLargeError } from "./errors";
export { hashKeyOf } from "./user-record";
export type { UserRecord } from "./user-record";
