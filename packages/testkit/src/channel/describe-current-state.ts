// SPDX-License-Identifier: MIT
import type { EventOp } from "@ledger-loader/core";
import { historiesOf } from "../ledger/histories";
import { jestApi } from "../jest-api";
import { expectCurrentState, PATIENT, revisionsOf, toMessage, type Bench } from "./bench";
import { expectSpreadRecords } from "./spread-records";
import type { ChannelTraits } from "./test-channel";

/**
 * Revisions carry positions: whatever the order in which they come, the newest is what a record ends with.
 *
 * @param because why it is no more than that
 */
export function describeCurrentState(bench: () => Bench, traits: ChannelTraits, because: string): void {
  const { expect, it } = jestApi();

  it.each<[title: string, ops: readonly EventOp[], order: readonly number[], kept: readonly number[]]>([
    ["an older revision overwrites no newer one", ["INSERT", "UPDATE", "UPDATE"], [0, 2, 1], [0, 2]],
    [
      "an older revision does not bring a deleted record back",
      ["INSERT", "UPDATE", "DELETE"],
      [0, 2, 1],
      [0, 2],
    ],
    [
      "an insert that comes again after the deletion brings nothing back",
      ["INSERT", "DELETE"],
      [0, 1, 0],
      [0, 1],
    ],
    ["a deletion that overtakes its insert leaves nothing", ["INSERT", "DELETE"], [1, 0], []],
    [
      "a record lives again that was inserted anew",
      ["INSERT", "DELETE", "INSERT"],
      [0, 1, 2, 0, 1],
      [0, 1, 2],
    ],
  ])(`keeps current state: %s (${because})`, async (_title, ops, order, kept) => {
    const events = revisionsOf("a", ops);
    const pick = (places: readonly number[]) => places.flatMap((place) => events.slice(place, place + 1));
    const channel = await bench().open({ ...PATIENT, batchSizeMax: 1 });
    // In one shard, which delivers them in this order.
    await channel.send(pick(order).map((event) => ({ ...toMessage(event), shard: 0 })));
    await channel.drain();
    expect(await bench().histories()).toEqual(historiesOf(pick(kept)));
    expect(await channel.takeParked()).toEqual([]);
  });

  const where = traits.noShards === undefined ? "several shards" : `one shard: ${traits.noShards}`;
  it(`ends in the newest revision where those of a record are spread over ${where}`, async () => {
    const records = await expectSpreadRecords(bench(), traits.holdsUp);
    expectCurrentState(await bench().histories(), historiesOf(records));
  });
}
