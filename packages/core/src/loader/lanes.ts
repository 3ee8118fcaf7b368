// SPDX-License-Identifier: MIT
import { buildsOnPrevious, isUnordered, recordKey, type RevisionEvent } from "../event/event";
import { comparePositions } from "../judge/judge";
import type { Outcome } from "../event/outcome";

/** An event on its way to an outcome. */
export interface PendingEvent {
  readonly event: RevisionEvent;
  outcome?: Outcome;
}

/** A unit that is written together: one event, or the events of a source transaction. */
export interface Unit {
  readonly events: readonly PendingEvent[];
  readonly atomic: boolean;
  /** The channel's group, where it must hand back what follows a failure. */
  readonly group?: string | undefined;
  /**
   * True for an event of a source transaction that was split: it shares a transaction with the parts that follow, none of
   * which may be written before it.
   */
  readonly isPart?: boolean;
  /** Called when a source transaction had to be written in several transactions. */
  readonly onSplit?: (() => void) | undefined;
}

/** Units that must not overtake each other. Lanes are independent of each other. */
export interface Lane {
  /** The remaining units, the next one first. */
  units: Unit[];
  /** True if the events order themselves, so that many may be judged at once. */
  readonly sorted: boolean;
  /** True if something failed: from then on, events that have nothing but the lane's order are held up. */
  stopped: boolean;
  /** Units that came before what they need; tried again once the lane has written something. */
  early: Unit[];
}

/**
 * Sorts units into lanes: one per record, found after decoding.
 *
 * Records that one source transaction touches share a lane. So does a whole group in which any event is unordered: what
 * follows a failure in it will be handed back, and an unordered event that is applied twice is written twice.
 */
export function toLanes(units: readonly Unit[]): Lane[] {
  const unorderedGroups = new Set(
    units.flatMap(({ events, group }) =>
      group !== undefined && events.some(({ event }) => isUnordered(event)) ? [group] : [],
    ),
  );
  const parents = new Map<string, string>();
  const roots = units.map((unit, i) => {
    const keys = keysOf(unit, i, unorderedGroups);
    for (const key of keys) unite(parents, keys[0] ?? key, key);
    return keys[0] ?? "";
  });
  const lanes = new Map<string, Unit[]>();
  for (const [i, unit] of units.entries()) {
    const root = findRoot(parents, roots[i] ?? "");
    const lane = lanes.get(root);
    if (lane === undefined) lanes.set(root, [unit]);
    else lane.push(unit);
  }
  return [...lanes.values()].map(toLane);
}

function keysOf(unit: Unit, index: number, unorderedGroups: ReadonlySet<string>): readonly string[] {
  const records = unit.events.map(({ event }, i) => recordKey(event) ?? `${index} ${i}`);
  const { group } = unit;
  return group !== undefined && unorderedGroups.has(group) ? [`group ${group}`, ...records] : records;
}

function toLane(units: Unit[]): Lane {
  const events = units.flatMap((unit) => unit.events.map(({ event }) => event));
  const isSimple = units.every(({ atomic }) => !atomic) && new Set(events.map(recordKey)).size === 1;
  const byVersion = isSimple && events.every(({ version }) => version !== undefined);
  const byPosition = isSimple && events.every(({ position }) => position !== undefined);
  // What arrived in any order is applied in the right one, instead of coming back as gaps.
  if (byVersion) units.sort((a, b) => versionOf(a) - versionOf(b));
  if (byPosition) units.sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
  const isSorted = (byVersion || byPosition) && !events.some(buildsOnPrevious);
  return { units, sorted: isSorted, stopped: false, early: [] };
}

function versionOf(unit: Unit): number {
  return unit.events[0]?.event.version ?? 0;
}

function positionOf(unit: Unit): readonly bigint[] {
  return unit.events[0]?.event.position ?? [];
}

function findRoot(parents: Map<string, string>, key: string): string {
  let root = key;
  for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
  if (root !== key) parents.set(key, root);
  return root;
}

function unite(parents: Map<string, string>, a: string, b: string): void {
  const rootOfA = findRoot(parents, a);
  const rootOfB = findRoot(parents, b);
  if (rootOfA !== rootOfB) parents.set(rootOfB, rootOfA);
}
