// SPDX-License-Identifier: MIT
import type { Random } from "../ledger/random";
import type { SourceMessage } from "./channel-source";
import type { VirtualTime } from "./virtual-time";

/** The state that everything in one simulation shares. */
export interface World {
  readonly time: VirtualTime;
  readonly random: Random;
}

/** Invokes a function: some instance of it, a new one if all are at work. Throws if the function does, or dies. */
export type Invoke<Event, Answer> = (event: Event) => Promise<Answer>;

/** A channel with a function at its end. */
export interface SimulatedChannel {
  /** True if a record's messages reach the function in order, so that none of a sound record is ever parked. */
  readonly keepsOrder: boolean;
  /** The bodies, as they were sent, that the channel itself gave up on and put into its dead-letter queue. */
  readonly dropped: string[];
  /** The breaches of the channel's rules, as sentences. */
  readonly violations?: readonly string[];
  publish(message: SourceMessage): void;
  /** Delivers until nothing more is published and everything was acknowledged or dropped. */
  run(isPublishing: () => boolean): Promise<void>;
}
