// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import { jestApi } from "../jest-api";
import { interleave, PATIENT, revisionsOf, toMessage, type Bench } from "./bench";
import { waitMs } from "./describe-order";
import type { ChannelTraits } from "./test-channel";

/** Tests that good events are loaded, once. */
export function describeDelivery(bench: () => Bench, traits: ChannelTraits): void {
  const { expect, it } = jestApi();
  const { textIdsOnly, deletionsAreFinal } = traits;

  it(`loads a good batch: several records, updates, deletes${but(textIdsOnly)}`, async () => {
    const events = interleave(
      revisionsOf("a", ["INSERT", "UPDATE", "UPDATE"]),
      revisionsOf("b", ["INSERT", "UPDATE", "DELETE"]),
      revisionsOf(textIdsOnly === undefined ? 3 : "c", ["INSERT", "DELETE"]),
    );
    const channel = await bench().open(PATIENT);
    await channel.send(events.map(toMessage));
    await channel.drain();
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });

  const reinserted = revisionsOf("a", ["INSERT", "DELETE", "INSERT", "UPDATE"]);
  if (deletionsAreFinal === undefined) {
    it("loads a record that is inserted anew after its deletion", async () => {
      const channel = await bench().open(PATIENT);
      await channel.send(reinserted.map(toMessage));
      await channel.drain();
      await bench().expectHistoriesOf(reinserted);
      expect(await channel.takeParked()).toEqual([]);
    });
  } else {
    it(`parks what claims to follow a deletion, and revives nothing: ${deletionsAreFinal}`, async () => {
      const channel = await bench().open({ parkAfterMs: waitMs(traits) });
      await channel.send(reinserted.map(toMessage));
      await channel.drain();
      await bench().expectHistoriesOf(reinserted.slice(0, 2));
      expect(new Set(await channel.takeParked())).toEqual(new Set(reinserted.slice(2).map(toMessage)));
    });
  }

  it.each([1, 10])(
    "writes a message that comes more than once only once, in batches of %i",
    async (batchSizeMax) => {
      const history = revisionsOf("a", ["INSERT", "UPDATE", "UPDATE", "DELETE"]);
      const [first, second, third, last] = history as [
        RevisionEvent,
        RevisionEvent,
        RevisionEvent,
        RevisionEvent,
      ];
      const channel = await bench().open({ ...PATIENT, batchSizeMax });
      await channel.send(
        [first, first, second, third, second, first, third, last, first, last].map(toMessage),
      );
      await channel.drain();
      await bench().expectHistoriesOf(history);
      expect(await channel.takeParked()).toEqual([]);
    },
  );
}

/** An exemption in a title. */
function but(reason: string | undefined): string {
  return reason === undefined ? ", ids of several types" : ` (ids are texts: ${reason})`;
}
