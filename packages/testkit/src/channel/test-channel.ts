// SPDX-License-Identifier: MIT
import type { Loader } from "@ledger-loader/core";

/** A message for a channel. */
export interface ChannelMessage {
  readonly body: string;
  /** The part that the channel keeps in order, if it can. */
  readonly group: string;
  /**
   * Which of its shards the message MUST stand in, counted from 0, where a channel has several; the suite uses two.
   * Default: the one that the group belongs to, or any where the channel knows no groups.
   */
  readonly shard?: number;
}

/** The setup that a test asks of a channel. */
export interface ChannelSetup {
  /** Where the channel's handler loads to. */
  readonly loader: Loader;
  /** Messages per invocation of the handler at most. */
  readonly batchSizeMax: number;
  /** Deliveries of a message before it is parked, where the channel itself parks. */
  readonly deliveriesMax: number;
  /** How long what a retry can help is tried before it is parked, in milliseconds, where `parkFailures` parks. */
  readonly parkAfterMs: number;
  /** How long a failed message stays away, in seconds; 0: it comes back at once. */
  readonly redeliveryDelaySeconds: number;
}

/** A channel under test: a real transport, or its emulator, with the handler at its end. */
export interface TestChannel {
  /** Sends messages in this order. */
  send(messages: readonly ChannelMessage[]): Promise<void>;
  /** Delivers until every message was acknowledged or parked. */
  drain(): Promise<void>;
  /** Takes what was parked, in the order in which it would be redriven. */
  takeParked(): Promise<readonly ChannelMessage[]>;
  close(): Promise<void>;
}

/** The messages that wait behind one that failed and is tried again. */
export interface HoldUp {
  /** `everything`: the channel has one shard, or hands out several as one. */
  readonly of: "its group" | "its shard" | "everything";
  /** Why it cannot be otherwise, as part of a sentence: it stands in the titles of tests. */
  readonly because: string;
}

/**
 * The promises of a channel. A missing promise has its reason, which ends up in the title of what the suite checks
 * in its place: nothing is left out in silence.
 */
export interface ChannelTraits {
  /** True if messages of one group are delivered in the order in which they were sent. */
  readonly ordersGroups: boolean;
  /**
   * Who parks: the channel, anything that was delivered `deliveriesMax` times, or `parkFailures`, what no retry can help
   * when it first fails, and anything else after `parkAfterMs`.
   */
  readonly parkedBy: "channel" | "loader";
  /** Default: nothing waits. What failed comes back by itself, or is kept aside. */
  readonly holdsUp?: HoldUp;
  /** Why there are no shards over which a record's messages could be spread. */
  readonly noShards?: string;
  /** Why a record's current state is promised only and not every revision: its messages carry positions. */
  readonly currentStateOnly?: string;
  /** Why no record is inserted anew after its deletion. */
  readonly deletionsAreFinal?: string;
  /** Why ids are texts and nothing else. */
  readonly textIdsOnly?: string;
}
