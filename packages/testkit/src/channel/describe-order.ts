// SPDX-License-Identifier: MIT
import { anEvent } from "../ledger/builders";
import { jestApi } from "../jest-api";
import { expectSpreadRecords } from "./spread-records";
import { bodies, interleave, PATIENT, redrive, revisionsOf, toMessage, type Bench } from "./bench";
import type { ChannelMessage, ChannelTraits } from "./test-channel";

/** Revisions carry versions: whatever the order in which they come, the ledger ends with each of them, in order. */
export function describeOrder(bench: () => Bench, traits: ChannelTraits): void {
  describeDisorder(bench, traits);
  describeParkedPredecessor(bench, traits);
}

function describeDisorder(bench: () => Bench, { holdsUp, noShards }: ChannelTraits): void {
  const { expect, it } = jestApi();
  const events = revisionsOf("a", ["INSERT", "UPDATE", "UPDATE", "UPDATE", "DELETE"]);

  it("puts revisions in order that come in another, within a batch", async () => {
    const channel = await bench().open(PATIENT);
    await channel.send(events.toReversed().map(toMessage));
    await channel.drain();
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });

  if (holdsUp === undefined) {
    it("puts revisions in order that come in another, across batches, and parks none", async () => {
      const channel = await bench().open({ ...PATIENT, batchSizeMax: 1 });
      await channel.send(events.toReversed().map(toMessage));
      await channel.drain();
      await bench().expectHistoriesOf(events);
      expect(await channel.takeParked()).toEqual([]);
    });
  } else {
    it(`parks revisions that come too early, across batches, and loads them redriven: ${holdsUp.because}`, async () => {
      const channel = await bench().open({ batchSizeMax: 1, deliveriesMax: 2 });
      await channel.send(events.toReversed().map(toMessage));
      await channel.drain();
      const parked = await channel.takeParked();
      const early = bodies(events.slice(1).map(toMessage));
      expect(parked.length).toBeGreaterThan(0);
      expect(early).toEqual(expect.arrayContaining(bodies(parked)));
      const applied = events.filter((event) => !bodies(parked).includes(toMessage(event).body));
      await bench().expectHistoriesOf(applied);
      await redrive(channel, parked);
      await bench().expectHistoriesOf(events);
    });
  }

  const where =
    noShards === undefined ? "several shards" : `two interleaved sources, for it has no shards: ${noShards}`;
  it(`ends in order where revisions are spread over ${where}`, async () => {
    const records = await expectSpreadRecords(bench(), holdsUp);
    await bench().expectHistoriesOf(records);
  });
}

function describeParkedPredecessor(bench: () => Bench, traits: ChannelTraits): void {
  const { expect, it } = jestApi();

  it("parks what comes behind a parked revision, and loads all of it once it is redriven", async () => {
    const history = revisionsOf("a", ["INSERT", "UPDATE", "UPDATE", "UPDATE", "DELETE"]);
    const other = revisionsOf("b", ["INSERT", "UPDATE", "UPDATE"]);
    const lost = toMessage(history[1] ?? anEvent());
    const broken = { body: "{op:", group: lost.group };
    // Without order, revisions that are on their way may be overtaken and must be given the time to come.
    const patience = traits.ordersGroups ? {} : { parkAfterMs: waitMs(traits), deliveriesMax: 8 };
    const channel = await bench().open({ ...patience, batchSizeMax: 3 });
    const messages = interleave(history, other).map(toMessage);
    await channel.send(messages.map((message) => (message.body === lost.body ? broken : message)));
    await channel.drain();
    await bench().expectHistoriesOf([...history.slice(0, 1), ...other]);
    const parked = await channel.takeParked();
    const expected = [broken, ...history.slice(2).map(toMessage)];
    expect(inOrderOf(traits, parked)).toEqual(inOrderOf(traits, expected));
    await redrive(channel, [lost, ...parked.filter(({ body }) => body !== broken.body)]);
    await bench().expectHistoriesOf([...history, ...other]);
  });
}

/** How long a revision must be tried, where the one before it may still be under way. */
export function waitMs({ ordersGroups }: ChannelTraits): number {
  return ordersGroups ? 0 : 3_000;
}

/** Where nothing orders messages, nothing orders those that were parked either. */
function inOrderOf({ ordersGroups }: ChannelTraits, messages: readonly ChannelMessage[]): readonly string[] {
  return ordersGroups ? bodies(messages) : bodies(messages).toSorted();
}
