// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import { jestApi } from "../jest-api";
import { bodies, PATIENT, redrive, revisionsOf, toMessageIn, type Bench } from "./bench";
import type { ChannelMessage, HoldUp } from "./test-channel";

/**
 * Sends two records over two shards such that each shard begins with a revision whose predecessor the other one holds,
 * behind its own. Where a failure holds up its shard, both would wait for ever: some must be parked, and are redriven.
 * Elsewhere none may be.
 *
 * @returns all that was sent
 */
export async function expectSpreadRecords(
  bench: Bench,
  holdsUp: HoldUp | undefined,
): Promise<readonly RevisionEvent[]> {
  const { expect } = jestApi();
  const [a0, a1, a2, a3] = fourRevisions("a");
  const [b0, b1, b2, b3] = fourRevisions("b");
  const first = [a3, a1, b0, b2].map((event) => toMessageIn(0, event));
  const second = [b3, b1, a0, a2].map((event) => toMessageIn(1, event));
  const messages = first.flatMap((message, i): ChannelMessage[] => [message, second[i] ?? message]);
  const patience = holdsUp === undefined ? PATIENT : { deliveriesMax: 2, parkAfterMs: 100 };
  const channel = await bench.open({ ...patience, batchSizeMax: 1 });
  await channel.send(messages);
  await channel.drain();
  const parked = await channel.takeParked();
  if (holdsUp === undefined) expect(parked).toEqual([]);
  expect(bodies(messages)).toEqual(expect.arrayContaining(bodies(parked)));
  await redrive(channel, parked);
  return [a0, a1, a2, a3, b0, b1, b2, b3];
}

type Four = [RevisionEvent, RevisionEvent, RevisionEvent, RevisionEvent];

function fourRevisions(id: string): Four {
  return revisionsOf(id, ["INSERT", "UPDATE", "UPDATE", "UPDATE"]) as Four;
}
