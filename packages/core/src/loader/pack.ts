// SPDX-License-Identifier: MIT
import { mustFollow } from "../event/event";
import { rejected, type Rejected } from "../event/outcome";
import type { WriteResult } from "../writer/write-context";
import type { Lane, PendingEvent, Unit } from "./lanes";

/** Lanes with as many of their units as one transaction is given. */
export interface Pack {
  readonly takes: readonly Take[];
  /** True for one source transaction: all of its events or none. */
  readonly atomic: boolean;
  /** True for parts of a source transaction that was split: as many as fit, in their order. */
  readonly inOrder: boolean;
  /** How often it has been tried again as it is. */
  readonly retries: number;
}

/** A lane, and the units at its head that a transaction is given. */
export interface Take {
  readonly lane: Lane;
  readonly units: readonly Unit[];
}

/** The outcome of an event that waits for one before it. */
export const HELD_UP: Rejected = rejected(
  "held-up",
  "Expected the events before this one to be applied, found one that was not. Redeliver this one after it.",
  true,
);

/** The unit's events that may be written; unordered ones of a stopped lane get their outcome at once. */
export function holdUp(lane: Lane, unit: Unit): readonly PendingEvent[] {
  const mustWait = lane.stopped && unit.events.some(({ event }) => mustFollow(event));
  if (!mustWait) return unit.events;
  for (const pending of unit.events) pending.outcome = HELD_UP;
  return [];
}

/** Gives events their outcomes and takes finished units out of their lanes. */
export function settle(
  { takes, atomic }: Pack,
  results: ReadonlyMap<PendingEvent, WriteResult | undefined>,
): void {
  for (const { lane, units } of takes) {
    const rest: Unit[] = [];
    let hasWritten = false;
    for (const unit of units) {
      for (const pending of unit.events) {
        const result = results.get(pending);
        if (result !== undefined && result.status !== "deferred") pending.outcome = result;
      }
      if (unit.events.some(({ outcome }) => outcome === undefined)) {
        // Nothing of it was written, so what its events were told says nothing about them yet.
        rest.push(...(atomic ? split(unit) : [unit]));
        continue;
      }
      const outcomes = unit.events.flatMap(({ outcome }) => outcome ?? []);
      if (!lane.sorted && outcomes.some(isEarly)) lane.early.push(unit);
      lane.stopped ||= outcomes.some(({ status }) => status === "rejected");
      hasWritten ||= outcomes.some(({ status }) => status === "written");
    }
    const again = hasWritten ? lane.early.splice(0) : [];
    for (const { events } of again) for (const pending of events) delete pending.outcome;
    lane.units = [...rest, ...again, ...lane.units.slice(units.length)];
  }
}

function split(unit: Unit): readonly Unit[] {
  unit.onSplit?.();
  for (const pending of unit.events) delete pending.outcome;
  return unit.events.map((pending) => ({
    events: [pending],
    atomic: false,
    group: unit.group,
    isPart: true,
  }));
}

/** True if the unit is a source transaction, or a part of one: neither shares a transaction with other lanes. */
export function isOfTransaction(unit: Unit | undefined): boolean {
  return unit?.atomic === true || unit?.isPart === true;
}

function isEarly(outcome: NonNullable<PendingEvent["outcome"]>): boolean {
  return outcome.status === "rejected" && outcome.reason === "version-gap";
}
