// SPDX-License-Identifier: MIT
import { seededRandom, type Random } from "./random";

/** How a stream is disturbed. Rates are from 0 (never) to 1 (always). */
export interface Disturbance<T> {
  /** The same seed over the same items gives the same stream. */
  readonly seed: number;
  /** How often an item comes a second time, later. Default: 0. */
  readonly duplicateRate?: number;
  /** How many items can be overtaken by one that comes later; 1: none. Default: 1. */
  readonly windowSize?: number;
  /** Items of one lane keep their order, as those of one FIFO group do. Default: no lanes, everything is reordered. */
  readonly laneOf?: (item: T) => string;
}

/**
 * Passes items on as a bad channel does: repeated and out of order, but none lost and none made up.
 *
 * An item comes twice at most. With lanes, its repetition comes after what its lane held at that moment.
 */
export async function* disturb<T>(
  items: AsyncIterable<T> | Iterable<T>,
  disturbance: Disturbance<T>,
): AsyncGenerator<T> {
  const random = seededRandom(disturbance.seed);
  const windowSize = disturbance.windowSize ?? 1;
  const window: Waiting<T>[] = [];
  for await (const item of items) {
    window.push({ item, isRepetition: false });
    while (window.length >= windowSize) yield take(window, random, disturbance);
  }
  while (window.length > 0) yield take(window, random, disturbance);
}

interface Waiting<T> {
  readonly item: T;
  readonly isRepetition: boolean;
}

function take<T>(window: Waiting<T>[], random: Random, { laneOf, duplicateRate = 0 }: Disturbance<T>): T {
  const chosen = random.below(window.length);
  const index = laneOf === undefined ? chosen : firstOfLane(window, chosen, laneOf);
  const [{ item, isRepetition }] = window.splice(index, 1) as [Waiting<T>];
  if (!isRepetition && random.chance(duplicateRate)) window.push({ item, isRepetition: true });
  return item;
}

function firstOfLane<T>(window: readonly Waiting<T>[], chosen: number, laneOf: (item: T) => string): number {
  const lanes = window.map((waiting) => laneOf(waiting.item));
  return lanes.findIndex((lane) => lane === lanes[chosen]);
}
