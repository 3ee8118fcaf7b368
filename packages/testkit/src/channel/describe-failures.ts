// SPDX-License-Identifier: MIT
import { jestApi } from "../jest-api";
import { SimulatedCrashError } from "../event-source/sqs-faults";
import { anInsert, interleave, PATIENT, revisionsOf, toMessage, wrapLoad, type Bench } from "./bench";
import type { ChannelTraits } from "./test-channel";

/** Outages, partial failures and crashes lose nothing and write nothing twice. */
export function describeFailures(bench: () => Bench, { parkedBy }: ChannelTraits): void {
  const { expect, it } = jestApi();
  const events = interleave(revisionsOf("a", ["INSERT", "UPDATE"]), revisionsOf("b", ["INSERT", "DELETE"]));

  it("keeps everything while the ledger is away, and loads it when the ledger is back", async () => {
    let noteTried: () => void = () => undefined;
    const tried = new Promise<void>((resolve) => {
      noteTried = resolve;
    });
    const channel = await bench().open({ ...PATIENT, redeliveryDelaySeconds: 1 }, (loader) =>
      wrapLoad(loader, (load) => load().finally(noteTried)),
    );
    await bench().ledger.stop();
    await channel.send(events.map(toMessage));
    const drained = channel.drain();
    await Promise.race([tried, drained]);
    await bench().ledger.restart();
    await drained;
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });

  const attempts = parkedBy === "loader" ? 1 : 3;
  const again =
    parkedBy === "loader" ? "parks the rest, which no retry can help, at once" : "tries only the rest again";
  it(`acknowledges the good part of a batch, and ${again}`, async () => {
    const delivered: number[] = [];
    const good = ["a", "b", "c", "d"].map((id) => anInsert(id));
    const poison = { body: "{op:", group: "poison" };
    const channel = await bench().open({ batchSizeMax: 5, deliveriesMax: 3 }, (loader) =>
      wrapLoad(loader, (load, deliveries) => {
        delivered.push(deliveries.length);
        return load();
      }),
    );
    await channel.send([...good.map(toMessage), poison]);
    await channel.drain();
    expect(delivered.reduce((sum, count) => sum + count, 0)).toBe(good.length + attempts);
    expect(await channel.takeParked()).toEqual([poison]);
    await bench().expectHistoriesOf(good);
  });

  it("writes nothing twice when the handler crashes between commit and acknowledgement", async () => {
    let crashes = 2;
    const channel = await bench().open(PATIENT, (loader) =>
      wrapLoad(loader, async (load) => {
        const report = await load();
        crashes -= 1;
        if (crashes < 0) return report;
        throw new SimulatedCrashError("The handler crashed after its work, as it was asked to.");
      }),
    );
    await channel.send(events.map(toMessage));
    await channel.drain();
    expect(crashes).toBeLessThan(0);
    await bench().expectHistoriesOf(events);
    expect(await channel.takeParked()).toEqual([]);
  });
}
