// SPDX-License-Identifier: MIT
import type { Loader } from "@ledger-loader/core";

/** A channel's Lambda handler, with the invocations that it gets. */
export interface Channel {
  readonly name: string;
  /** Invocations at a time. */
  readonly concurrency: number;
  /**
   * Makes the invocations that bring the inserts of the vehicles from `first` on, and returns what connects them to the
   * handler of a loader.
   */
  prepare(first: number, count: number): Prepared;
}

/** Invocations, to be connected to a loader's handler: one function each. */
export type Prepared = (loader: Loader) => readonly Invoke[];

/** Invokes the handler once. */
export type Invoke = () => Promise<unknown>;

/** The definition of a channel. */
export interface ChannelDefinition<Input> {
  readonly name: string;
  readonly createHandler: (loader: Loader) => (input: Input) => Promise<unknown>;
  /** Makes one invocation with the inserts of these vehicles. */
  readonly toInput: (vehicles: readonly number[]) => Input;
  /**
   * True if an invocation brings one event, as SNS and EventBridge do it. Then Lambda runs many functions at a time, here
   * as many as the loader has sessions. Default: up to {@link BATCH_SIZE} events, and one invocation after the other.
   */
  readonly single?: boolean;
}

/** Events of an invocation by a queue or a stream. */
export const BATCH_SIZE = 1000;
/** Transactions at a time: the loader's own default. */
export const SESSIONS = 10;

/** Makes a channel of its handler and what that is invoked with. */
export function defineChannel<Input>({
  name,
  createHandler,
  toInput,
  single = false,
}: ChannelDefinition<Input>): Channel {
  const batchSize = single ? 1 : BATCH_SIZE;
  return {
    name,
    concurrency: single ? SESSIONS : 1,
    prepare(first, count) {
      const inputs: Input[] = [];
      for (let at = first; at < first + count; at += batchSize) {
        const length = Math.min(batchSize, first + count - at);
        const input = toInput(Array.from({ length }, (_, i) => at + i));
        // As Lambda's runtime makes it, from JSON.
        inputs.push(JSON.parse(JSON.stringify(input)) as Input);
      }
      return (loader) => {
        const handler = createHandler(loader);
        return inputs.map((input) => () => handler(input));
      };
    },
  };
}
