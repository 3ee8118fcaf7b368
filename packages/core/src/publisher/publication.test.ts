// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { EventsRefusedError } from "@ledger-loader/core";
import { anEvent } from "@ledger-loader/testkit";
import { Publication } from "./publication";

const REFUSAL = { code: "TooLarge", reason: "9 bytes" };

it("reports what was accepted when nothing was refused", () => {
  const publication = new Publication();
  publication.accept(2);
  publication.accept(1);
  expect(publication.end(4)).toEqual({ published: 3, retries: 4 });
});

it("tells progress as the number of events that were accepted so far", () => {
  const told: number[] = [];
  const publication = new Publication((published) => told.push(published));
  publication.tellProgress();
  publication.accept(2);
  publication.tellProgress();
  expect(told).toEqual([0, 2]);
});

it("closes the key of a refused event and no other, and none where there is no order to keep", () => {
  const publication = new Publication();
  publication.refuse(anEvent({ id: "a" }), REFUSAL, "a");
  publication.refuse(anEvent(), REFUSAL);
  expect(["a", "b", undefined].map((key) => publication.isClosed(key))).toEqual([true, false, false]);
});

it("ends with an error that holds every event that was not accepted, in order", () => {
  const [refused, first, second, other] = ["a", "b", "c", "d"].map((id) => anEvent({ id }));
  const publication = new Publication();
  publication.accept(7);
  publication.refuse(refused!, REFUSAL, "a");
  publication.holdBack(first!, second!);
  publication.refuse(other!, { code: "Unknown", reason: "" });
  const end = () => publication.end(0);
  expect(end).toThrow(EventsRefusedError);
  expect(end).toThrow(
    expect.objectContaining({
      refused: [
        { event: refused, ...REFUSAL },
        { event: other, code: "Unknown", reason: "" },
      ],
      heldBack: [first, second],
      published: 7,
    }),
  );
});
