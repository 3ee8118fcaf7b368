// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { EventsRefusedError, type Delivery, type Publisher, type RevisionEvent } from "@ledger-loader/core";
import { createPublisherTarget } from "@ledger-loader/move";
import { aHistory, anEvent } from "@ledger-loader/testkit";

/** A channel that refuses what it is told to, and holds back what comes after it in the same call. */
class RefusingPublisher implements Publisher {
  readonly sent: RevisionEvent[] = [];
  readonly #refused: readonly RevisionEvent[];

  constructor(refused: readonly RevisionEvent[]) {
    this.#refused = refused;
  }

  async publish(events: AsyncIterable<RevisionEvent>) {
    const refused: RevisionEvent[] = [];
    const heldBack: RevisionEvent[] = [];
    for await (const event of events) {
      if (this.#refused.includes(event)) refused.push(event);
      else if (refused.some(({ id }) => id?.key === event.id?.key)) heldBack.push(event);
      else this.sent.push(event);
    }
    const named = refused.map((event) => ({ event, code: "TooLong", reason: "2 bytes too many" }));
    if (named.length > 0) throw new EventsRefusedError(named, heldBack, this.sent.length);
    return { published: this.sent.length, retries: 0 };
  }
}

const delivery = (...events: readonly RevisionEvent[]): Delivery => ({
  deliveryId: "line 1",
  decode: () => ({ events: events.map((event) => ({ event })), atomic: false }),
});

describe("createPublisherTarget", () => {
  it("says of each event whether it was sent, refused or held up, in later calls too", async () => {
    const [first, second, third, fourth] = aHistory(["INSERT", "UPDATE", "UPDATE", "UPDATE"]);
    const other = anEvent({ id: "other" });
    const publisher = new RefusingPublisher([second!]);
    const target = createPublisherTarget(publisher);
    const ends = async (...events: readonly RevisionEvent[]) => {
      const [end] = await target.deliver([delivery(...events)]);
      return end!.events.map(({ outcome }) =>
        outcome.status === "rejected" ? outcome.reason : outcome.status,
      );
    };
    expect(await ends(first!, second!, third!, other)).toEqual([
      "published",
      "channel-refused",
      "held-up",
      "published",
    ]);
    expect(await ends(fourth!, anEvent({ id: "another" }))).toEqual(["held-up", "published"]);
    expect(publisher.sent.map(({ version }) => version)).toEqual([0, 0, 0]);
  });

  it("throws whatever else the publisher throws", async () => {
    const publisher = { publish: () => Promise.reject(new Error("no network")) };
    await expect(createPublisherTarget(publisher).deliver([delivery(anEvent())])).rejects.toThrow(
      "no network",
    );
  });
});
