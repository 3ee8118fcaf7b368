// SPDX-License-Identifier: MIT

/** A shard of a stream, or a partition of a topic, as a consumer knows it. */
export interface ShardStatus {
  /** `shardId-000000000001`, `events-0`. */
  readonly shardId: string;
  /** Who reads it: this consumer, another one that shares the shards, or nobody at present. */
  readonly reader: "this" | "another" | "none";
  /** The last record that need not be read again, as the channel numbers records; of a topic, the next one. Absent: none yet. */
  readonly position?: string | undefined;
  /** True when it was read to its end and will get no more. */
  readonly hasEnded: boolean;
}

/** The long-running side of a channel that can be polled. */
export interface Consumer {
  /**
   * Takes deliveries from the channel and loads them, until the signal is raised.
   *
   * Then it MUST take nothing more, finish and acknowledge what is under way, and return; what it does not finish MUST
   * come back. MUST throw when it cannot go on, such as for missing rights.
   */
  run(signal: AbortSignal): Promise<void>;
  /**
   * True if there may be deliveries that stood in the channel before and were not taken yet: what is in a shard of which the
   * end was not seen, is held by a consumer that may be gone, or in a topic whose group was not joined yet. Absent: the consumer
   * takes what there is at once.
   */
  readonly isCatchingUp?: () => boolean;
  /** The shards that there are, as this consumer last saw them; partitions: those it reads. Absent: the channel has none. */
  readonly shards?: () => readonly ShardStatus[];
}
