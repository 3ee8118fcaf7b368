// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import { historiesOf, readHistories } from "../ledger/histories";
import { jestApi } from "../jest-api";
import { malformedBodies } from "../ledger/malformed-bodies";
import { anInsert, bodies, interleave, revisionsOf, TABLE, toMessage, wrapLoad, type Bench } from "./bench";
import { waitMs } from "./describe-order";
import type { ChannelTraits } from "./test-channel";

/** Tests that bad events are parked, and nothing else. */
export function describePoison(bench: () => Bench, traits: ChannelTraits): void {
  const { expect, it } = jestApi();

  it("parks a poison message at each position of a batch and loads the others", async () => {
    const channel = await bench().open({ batchSizeMax: 5 });
    const sent: RevisionEvent[] = [];
    for (const position of [0, 1, 2, 3, 4]) {
      const events = ["a", "b", "c", "d"].map((id) => anInsert(`${id}-${position}`));
      const poison = { body: `not an event ${position}`, group: "poison", shard: 0 };
      await channel.send(
        events.map((event) => ({ ...toMessage(event), shard: 0 })).toSpliced(position, 0, poison),
      );
      await channel.drain();
      sent.push(...events);
      await bench().expectHistoriesOf(sent);
      expect(await channel.takeParked()).toMatchObject([{ body: poison.body }]);
    }
  });

  it("parks every kind of malformed message, acknowledges none, and loads what is good among them", async () => {
    const events = interleave(revisionsOf("a", ["INSERT", "UPDATE"]), revisionsOf("b", ["INSERT", "DELETE"]));
    const malformed = malformedBodies(TABLE);
    const bad = malformed.map(({ body }, index) => ({ body, group: `bad-${index}` }));
    const reasons = new Set<string>();
    const channel = await bench().open({ parkAfterMs: waitMs(traits) }, (loader) =>
      wrapLoad(loader, async (load) => {
        const report = await load();
        for (const reason of Object.keys(report.counts.rejected)) reasons.add(reason);
        return report;
      }),
    );
    await channel.send(interleave(bad, events.map(toMessage)));
    await channel.drain();
    await bench().expectHistoriesOf(events);
    expect(bodies(await channel.takeParked()).toSorted()).toEqual(bodies(bad).toSorted());
    // A revision that overtook the one before it had to wait for it.
    if (!traits.ordersGroups) reasons.delete("version-gap");
    expect(reasons).toEqual(new Set(malformed.map(({ reason }) => reason)));
  });

  it("parks an event of a table that does not exist among good ones, and loads it once it does", async () => {
    const good = ["a", "b", "c", "d"].map((id) => anInsert(id));
    const homeless = anInsert("e", "Owner");
    const channel = await bench().open();
    await channel.send(good.toSpliced(2, 0, homeless).map(toMessage));
    await channel.drain();
    await bench().expectHistoriesOf(good);
    const parked = await channel.takeParked();
    expect(parked).toEqual([toMessage(homeless)]);
    await bench().ledger.createTable("Owner", ["oldDocumentId"]);
    await channel.send(parked);
    await channel.drain();
    expect(await channel.takeParked()).toEqual([]);
    expect(await readHistories(bench().ledger.connect(), "Owner")).toEqual(historiesOf([homeless]));
    await bench().expectHistoriesOf(good);
  });
}
