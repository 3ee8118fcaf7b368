// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { rejected, type Outcome } from "../event/outcome";
import { hasFailed, holdBack, type GroupMember, type OnFailure } from "./hold-back";

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ok: { status: "written" },
  again: { status: "skipped", reason: "already-applied" },
  bad: rejected("malformed-event", "Expected an event."),
  gap: rejected("version-gap", "Expected version 1.", true),
};

interface Member extends GroupMember {
  readonly deliveryId: string;
}

/** Deliveries as `id:group=outcomes`; without `:group` there is none, and `!` parks one. */
function batch(...texts: readonly string[]): readonly Member[] {
  return texts.map((text) => {
    const [, deliveryId = "", group, parked, outcomes = ""] = /^(\w+)(?::(\w+))?(!?)=(.*)$/.exec(text) ?? [];
    const events = outcomes.split(",").flatMap((name) => OUTCOMES[name] ?? []);
    return {
      deliveryId,
      group,
      events: events.map((outcome) => ({ outcome })),
      ...(parked === "!" && { parked: true }),
    };
  });
}

/** The ids of those held back, and of all that must come again. */
function judge(onFailure: OnFailure, ...texts: readonly string[]): [heldBack: string, failed: string] {
  const { deliveries, failed } = holdBack(batch(...texts), onFailure);
  expect(deliveries.map(({ deliveryId }) => deliveryId)).toEqual(
    batch(...texts).map(({ deliveryId }) => deliveryId),
  );
  const ids = (some: readonly Member[]): string => some.map(({ deliveryId }) => deliveryId).join(" ");
  return [ids(deliveries.filter(({ heldBack }) => heldBack)), ids(failed)];
}

it("holds back what follows a failure in its group, whether written or skipped, and nothing before it", () => {
  expect(judge("block-group", "a:g=ok", "b:g=bad", "c:g=ok", "d:g=again")).toEqual(["c d", "b c d"]);
});

it("leaves other groups alone, and what comes between", () => {
  expect(judge("block-group", "a:g=gap", "b:h=ok", "c:g=ok", "d:h=ok", "e:h=bad", "f:h=ok")).toEqual([
    "c f",
    "a c e f",
  ]);
});

it("knows no group among deliveries without one", () => {
  expect(judge("block-group", "a=bad", "b=ok", "c:g=ok")).toEqual(["", "a"]);
});

it("does not call a delivery held back that failed by itself behind another", () => {
  expect(judge("block-group", "a:g=bad", "b:g=gap", "c:g=ok")).toEqual(["c", "a b c"]);
});

it("counts a delivery of several events as failed if one is rejected", () => {
  expect(judge("block-group", "a:g=ok,again,gap", "b:g=ok")).toEqual(["b", "a b"]);
});

it("hands back nothing but what failed where the channel goes on", () => {
  expect(judge("continue", "a:g=bad", "b:g=ok", "c:g=gap", "d=ok")).toEqual(["", "a c"]);
});

it("neither hands back a parked delivery nor anything for its sake", () => {
  expect(judge("block-group", "a:g!=bad", "b:g=ok", "c:g=gap", "d:g!=bad", "e:g=ok")).toEqual(["e", "c e"]);
});

it("judges anew what it had judged before one was parked", () => {
  const first = holdBack(batch("a:g=bad", "b:g=ok"), "block-group").deliveries;
  expect(first.map(({ heldBack }) => heldBack)).toEqual([false, true]);
  const parked = first.map((each, index) => (index === 0 ? { ...each, parked: true } : each));
  const { deliveries, failed } = holdBack(parked, "block-group");
  expect([deliveries.map(({ heldBack }) => heldBack), failed]).toEqual([[false, false], []]);
});

it("says that a delivery failed if one of its events was rejected and it is not parked", () => {
  const members = batch("a=ok,again", "b=", "c=ok,bad", "d!=bad");
  expect(members.map(hasFailed)).toEqual([false, false, true, false]);
});
