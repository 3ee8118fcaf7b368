// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type EventFields, type RevisionEvent, recordKey } from "@ledger-loader/core";
import fc from "fast-check";
import { event } from "../../test/fresh-events";
import { mustFollow } from "../event/event";
import { type Lane, toLanes, type Unit } from "./lanes";

const orders: fc.Arbitrary<Partial<EventFields>> = fc.oneof(
  fc.record({ version: fc.nat(9) }),
  fc.record({ position: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }) }),
  fc.record({ position: fc.tuple(fc.nat(9)), unchanged: fc.constant(["a"]) }),
  fc.constant({}),
);
const recorded = fc
  .record({ table: fc.constantFrom("T", "U"), id: fc.constantFrom("a", "b", "c", "d"), order: orders })
  .map(({ order, ...rest }) => event({ ...rest, ...order, data: {} }));
const anonymous = fc.constant(event({ data: {} }));
const someEvents = fc.oneof({ weight: 4, arbitrary: recorded }, { weight: 1, arbitrary: anonymous });

/** One event, or a source transaction of several. */
const someUnits: fc.Arbitrary<readonly Unit[]> = fc.array(
  fc
    .record({
      events: fc.oneof(
        { weight: 3, arbitrary: fc.tuple(someEvents) },
        { weight: 1, arbitrary: fc.array(someEvents, { minLength: 2, maxLength: 3 }) },
      ),
      group: fc.constantFrom(undefined, undefined, "g", "h"),
    })
    .map(({ events, group }) => toUnit(events, group)),
  { maxLength: 12 },
);

/** Many events of one record that all have an order. */
const oneRecord = fc
  .oneof(
    fc.array(fc.record({ version: fc.nat(5) }), { minLength: 1, maxLength: 8 }),
    fc.array(fc.record({ position: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }) }), {
      minLength: 1,
      maxLength: 8,
    }),
  )
  .map((all) => all.map((order) => toUnit([event({ id: "a", data: {}, ...order })])));

function toUnit(events: readonly RevisionEvent[], group?: string): Unit {
  return { events: events.map((each) => ({ event: each })), atomic: events.length > 1, group };
}

function eventsOf({ events }: Unit): readonly RevisionEvent[] {
  return events.map(({ event: each }) => each);
}

function isUnordered({ version, position }: RevisionEvent): boolean {
  return version === undefined && position === undefined;
}

/** True if two units name one record, or belong to one group in which any event of the batch is unordered. */
function areBound(a: Unit, b: Unit, all: readonly Unit[]): boolean {
  const keys = new Set(eventsOf(a).flatMap((each) => recordKey(each) ?? []));
  if (eventsOf(b).some((each) => keys.has(recordKey(each) ?? "none"))) return true;
  if (a.group === undefined || a.group !== b.group) return false;
  return all.some((unit) => unit.group === a.group && eventsOf(unit).some(isUnordered));
}

/** Every unit that a chain of bound units connects with the first: the slow way, by walking. */
function boundTo(first: Unit, all: readonly Unit[]): ReadonlySet<Unit> {
  const found = new Set([first]);
  for (const each of found) for (const other of all) if (areBound(each, other, all)) found.add(other);
  return found;
}

function laneOf(unit: Unit, lanes: readonly Lane[]): readonly Unit[] {
  return lanes.find(({ units }) => units.includes(unit))?.units ?? [];
}

/** True if the lane is one record's, and its own versions or positions say where each event belongs. */
function ordersItself({ units }: Lane): boolean {
  const events = units.flatMap(eventsOf);
  if (units.some(({ atomic }) => atomic) || new Set(events.map(recordKey)).size !== 1) return false;
  return (
    events.every(({ version }) => version !== undefined) ||
    events.every(({ position }) => position !== undefined)
  );
}

/** The order of positions, told apart from the product's: as text, with every part as long as every other. */
function orderOf(unit: Unit | undefined): string {
  const [first] = unit === undefined ? [] : eventsOf(unit);
  const parts = first?.version === undefined ? (first?.position ?? []) : [first.version];
  return parts.map((part) => `${part}`.padStart(4, "0")).join(".");
}

describe("toLanes", () => {
  it("puts every unit into exactly one lane", () => {
    fc.assert(
      fc.property(someUnits, (units) => {
        const placed = toLanes(units).flatMap((lane) => lane.units);
        expect(placed).toHaveLength(units.length);
        expect(new Set(placed)).toEqual(new Set(units));
      }),
    );
  });

  it("shares a lane among what one record, transaction or unordered group binds, and nothing else", () => {
    fc.assert(
      fc.property(someUnits, (units) => {
        const lanes = toLanes(units);
        for (const unit of units) {
          const expected = boundTo(unit, units);
          const found = laneOf(unit, lanes);
          expect(found.length).toBe(expected.size);
          expect(found.every((each) => expected.has(each))).toBe(true);
        }
      }),
    );
  });

  it("keeps the order of arrival unless one record's versions or positions tell another", () => {
    fc.assert(
      fc.property(someUnits, (units) => {
        for (const lane of toLanes(units)) {
          if (ordersItself(lane)) continue;
          const arrival = lane.units.map((unit) => units.indexOf(unit));
          expect(arrival).toEqual([...arrival].sort((a, b) => a - b));
          expect(lane.sorted).toBe(false);
        }
      }),
    );
  });

  it("sorts a record's events by version or position, equal ones as they arrived", () => {
    fc.assert(
      fc.property(oneRecord, (units) => {
        const [lane, ...others] = toLanes(units);
        expect(others).toEqual([]);
        expect(lane?.sorted).toBe(true);
        for (const [i, unit] of (lane?.units ?? []).entries()) {
          const next = lane?.units[i + 1];
          if (next === undefined) continue;
          expect(orderOf(unit) <= orderOf(next)).toBe(true);
          if (orderOf(unit) === orderOf(next)) expect(units.indexOf(unit)).toBeLessThan(units.indexOf(next));
        }
      }),
    );
  });

  it("keeps source transactions of one record as they arrived", () => {
    const versions = (...all: number[]) =>
      toUnit(all.map((version) => event({ id: "a", data: {}, version })));
    const units = [versions(2, 3), versions(1), versions(0)];
    const [lane] = toLanes(units);
    expect(lane?.units).toEqual(units);
    expect(lane?.sorted).toBe(false);
  });

  it("judges one at a time what builds on the revision before it", () => {
    const build = (n: number) => event({ id: "a", data: {}, position: [n], unchanged: ["b"] });
    const [lane] = toLanes([toUnit([build(2)]), toUnit([build(1)])]);
    expect(lane?.sorted).toBe(false);
    expect(lane?.units.flatMap(eventsOf).map(({ position }) => position)).toEqual([[1n], [2n]]);
  });
});

describe("mustFollow", () => {
  it.each<[string, Partial<EventFields>, boolean]>([
    ["no order of its own", { id: "a" }, true],
    ["not even an id", {}, true],
    ["a version", { id: "a", version: 0 }, false],
    ["a position", { id: "a", position: [1] }, false],
    ["a position, and fields of the revision before it", { id: "a", position: [1], unchanged: ["b"] }, true],
    ["a version, and fields of the revision before it", { id: "a", version: 1, unchanged: ["b"] }, false],
  ])("of an event with %s", (_name, fields, expected) => {
    expect(mustFollow(event({ data: {}, ...fields }))).toBe(expected);
  });
});
