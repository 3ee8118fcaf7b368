// SPDX-License-Identifier: MIT
import type { JsonObject } from "../../parameters/parameter";

/** The properties of every source that can be paused. */
export interface MappingProps {
  /** Loads events; `false` pauses the loader. @defaultValue `true` */
  readonly enabled?: boolean;
}

/** The properties of sources of which Lambda can leave events out. */
export interface FilterProps {
  /** Lambda's event patterns: what matches one of them is loaded, and no one sees the rest. @defaultValue everything is loaded */
  readonly filters?: readonly JsonObject[];
}

/** The properties of sources that are a log. */
export interface PositionProps {
  /** Where reading begins. @defaultValue `"TRIM_HORIZON"`, with the oldest record */
  readonly startingPosition?: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  /** The time at which reading begins, such as `2026-01-31T12:00:00Z`; with `AT_TIMESTAMP`. */
  readonly startingTimestamp?: string;
}

/** How shards are read. */
export interface ShardProps extends MappingProps, FilterProps, PositionProps {
  /** How many records one invocation gets at most. @defaultValue 100 */
  readonly batchSize?: number;
  /** How many seconds Lambda waits for a batch to fill. @defaultValue 0 */
  readonly batchingWindowSeconds?: number;
  /** How many batches of one shard are loaded at the same time. @defaultValue 1 */
  readonly parallelizationFactor?: number;
  /** How often Lambda tries a batch again before it gives it up; -1 is for ever. @defaultValue -1 */
  readonly retriesMax?: number;
  /** After how many seconds Lambda gives a record up; -1 is when it expires. @defaultValue -1 */
  readonly recordAgeMaxSeconds?: number;
  /** How many hours behind the end the function may be before the alarm. @defaultValue 6 */
  readonly iteratorAgeHours?: number;
}

/** The properties of a stream that is created, and how it is read. */
export interface StreamProps extends ShardProps {
  /** A fixed number of shards for the created stream, or as many as it needs. @defaultValue `"PROVISIONED"` */
  readonly streamMode?: "PROVISIONED" | "ON_DEMAND";
  /** How many shards the created stream has, where it is PROVISIONED. @defaultValue 1 */
  readonly shardCount?: number;
  /** How many hours the created stream keeps a record. @defaultValue 168 */
  readonly retentionHours?: number;
}

/** The messages that a subscription selects. */
export interface SubscriptionProps {
  /** A filter policy of SNS: SNS drops what it does not select, without a trace. @defaultValue everything is loaded */
  readonly filterPolicy?: JsonObject;
  /** The place that the policy looks at. @defaultValue `"MessageBody"`, the event itself */
  readonly filterPolicyScope?: "MessageBody" | "MessageAttributes";
}
