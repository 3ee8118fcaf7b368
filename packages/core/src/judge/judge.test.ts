// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type Decision,
  type EventFields,
  type RecordState,
  type Verdict,
  comparePositions,
  createEvent,
  judge,
  parseDecisionTable,
} from "@ledger-loader/core";

const LAST = 6;
const START = 3;

/** The order column as fields of an event. The last version applied is 6, of a history that started at 3. */
const ORDER: Readonly<Record<string, (state: Decision["state"]) => Partial<EventFields>>> = {
  "v-first": () => ({ version: 0 }),
  "v-next": () => ({ version: LAST + 1 }),
  "v-gap": (state) => ({ version: state === "none" || state === "start" ? 1 : LAST + 2 }),
  "v-held": () => ({ version: LAST }),
  "v-early": () => ({ version: START - 1 }),
  "p-any": () => ({ position: [1] }),
  "p-later": () => ({ position: [6, 1] }),
  "p-same": () => ({ position: [6, 0] }),
  "p-earlier": () => ({ position: [5, 9] }),
  "-": () => ({}),
};

function eventOf({ op, order, state }: Decision) {
  const content = op === "DELETE" || op === "ANY-" ? {} : { data: {} };
  return createEvent({
    op: op === "ANY-" ? "ANY" : op,
    table: "T",
    id: "a",
    ...ORDER[order]?.(state),
    ...content,
  });
}

function stateOf({ state, held }: Decision): RecordState {
  if (state === "none" || state === "start") return { status: "unknown" };
  return {
    status: state,
    version: LAST,
    start: START,
    position: [6n, 0n],
    held: held === "equal" ? "equal" : "different",
  };
}

function textOf(verdict: Verdict): string {
  switch (verdict.verdict) {
    case "apply":
      return `apply ${verdict.change}`;
    case "skip":
      return `skipped ${verdict.reason}`;
    case "reject":
      return `rejected ${verdict.reason}${verdict.retryable ? ", retryable" : ""}`;
  }
}

const rows = parseDecisionTable();

describe("judge follows the decision table", () => {
  it.each(rows.map((row) => [`${row.op} ${row.order} upon ${row.state}, held ${row.held}`, row] as const))(
    "%s",
    (_, row) => {
      const startMidHistory = row.state === "start";
      const event = eventOf(row);
      expect(textOf(judge(event, stateOf(row), { strictness: "strict", startMidHistory }))).toBe(row.strict);
      expect(textOf(judge(event, stateOf(row), { strictness: "lenient", startMidHistory }))).toBe(
        row.lenient,
      );
    },
  );

  it("which has a row for every operation, order and state, and never two", () => {
    const keys = rows.map(({ op, order, state, held }) => [op, order, state, held].join(" "));
    expect(new Set(keys).size).toBe(keys.length);
    for (const op of ["INSERT", "UPDATE", "DELETE", "ANY", "ANY-"]) {
      for (const { order, state } of rows) {
        const held = rows.filter((row) => row.op === op && row.order === order && row.state === state);
        expect([op, order, state, held.map((row) => row.held).sort()]).toEqual([
          op,
          order,
          state,
          expectedHeld(op, order, state),
        ]);
      }
    }
  });
});

/** Which answers to "held?" a complete table must have for the combination. */
function expectedHeld(op: string, order: string, state: string): string[] {
  const compared = ["v-held", "p-same", "-"].includes(order) && (state === "present" || state === "deleted");
  if (!compared) return ["-"];
  // Without version and position, a deleted record's content is its absence: the operation alone tells.
  if (order === "-" && state === "deleted") return op === "DELETE" || op === "ANY-" ? ["equal"] : ["other"];
  return ["equal", "other"];
}

describe("comparePositions", () => {
  it.each([
    [[1n], [2n], -1],
    [[2n], [1n, 9n], 1],
    [[1n, 0n], [1n], 1],
    [[1n], [1n, 0n], -1],
    [[7n, 3n], [7n, 3n], 0],
    [[10n ** 30n], [10n ** 30n + 1n], -1],
  ])("compares %p with %p", (a, b, sign) => {
    expect(Math.sign(comparePositions(a, b))).toBe(sign);
    expect(Math.sign(comparePositions(b, a))).toBe(0 - sign);
  });
});
