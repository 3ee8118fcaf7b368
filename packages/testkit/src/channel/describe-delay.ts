// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import type { Loader, RevisionEvent } from "@ledger-loader/core";
import { Patience } from "../event-source/patience";
import { historiesOf, readHistories } from "../ledger/histories";
import { jestApi } from "../jest-api";
import { anInsert, interleave, toMessage, wrapLoad, type Bench } from "./bench";
import type { ChannelTraits, HoldUp } from "./test-channel";

/** More attempts than the bad event gets before the test lets it succeed. */
const WITHOUT_END = { deliveriesMax: 900, parkAfterMs: 60_000 } as const;
/** So often the bad event must have failed. */
const FAILURES_MIN = 3;
/** So long nothing more may be written before the test takes it that nothing ever will be. */
const PATIENCE_MS = 10_000;

/**
 * A bad event delays no other: it fails until the test lets it succeed, and the others must be in the ledger before that.
 * Whatever waits for the end of its attempts is never seen.
 */
export function describeDelay(bench: () => Bench, { holdsUp }: ChannelTraits): void {
  const { expect, it } = jestApi();

  it(titleOf(holdsUp), async () => {
    const before = recordsNamed("before", 4);
    // More than its batch holds: the rest must be fetched while it fails.
    const behind = recordsNamed("behind", 12);
    const elsewhere = recordsNamed("elsewhere", 8);
    const bad = anInsert("bad", "Owner");
    const watch = new Watch(bad);
    const channel = await bench().open(WITHOUT_END, (loader) => watch.around(loader));
    const shards = [[...before, bad, ...behind], elsewhere].map((events, shard) =>
      events.map((event) => ({ ...toMessage(event), shard })),
    );
    await channel.send(interleave(...shards));
    const drained = channel.drain();
    const promised = promisedOf(holdsUp, { before, behind, elsewhere });
    await watch.waitFor(promised);
    const unwritten = watch.unwrittenOf(promised);
    await bench().ledger.createTable("Owner", ["oldDocumentId"]);
    await drained;
    expect({ unwritten, failures: watch.failures >= FAILURES_MIN }).toEqual({
      unwritten: [],
      failures: true,
    });
    // Each was written when it was first delivered, with the bad one in its batch or not.
    const all = [...before, ...behind, ...elsewhere];
    expect(watch.unwrittenAtFirstOf(all)).toEqual([]);
    await bench().expectHistoriesOf(all);
    expect(await readHistories(bench().ledger.connect(), "Owner")).toEqual(historiesOf([bad]));
    expect(await channel.takeParked()).toEqual([]);
  });
}

function titleOf(holdsUp: HoldUp | undefined): string {
  switch (holdsUp?.of) {
    case undefined:
    case "its group":
      return "writes all other records' events while a bad one is still being tried";
    case "its shard":
      return `writes the events of other shards, and those before it, while a bad one is still being tried: ${holdsUp.because}`;
    case "everything":
      return `writes the events before it while a bad one is still being tried: ${holdsUp.because}`;
  }
}

/** Events by where they stand, seen from the bad one. */
interface Places {
  readonly before: readonly RevisionEvent[];
  readonly behind: readonly RevisionEvent[];
  readonly elsewhere: readonly RevisionEvent[];
}

/** The events that may not wait for the bad event; each event is a group by itself. */
function promisedOf(
  holdsUp: HoldUp | undefined,
  { before, behind, elsewhere }: Places,
): readonly RevisionEvent[] {
  switch (holdsUp?.of) {
    case undefined:
    case "its group":
      return [...before, ...behind, ...elsewhere];
    case "its shard":
      return [...before, ...elsewhere];
    case "everything":
      return before;
  }
}

function recordsNamed(place: string, count: number): readonly RevisionEvent[] {
  return Array.from({ length: count }, (_, i) => anInsert(`${place}-${i}`));
}

/** Looks at each load: what was written, and what became of an event when it was first delivered. */
class Watch {
  readonly #bad: string;
  readonly #atFirst = new Map<string, string>();
  readonly #written = new Set<string>();
  failures = 0;

  constructor(bad: RevisionEvent) {
    this.#bad = nameOf(bad);
  }

  around(loader: Loader): Loader {
    return wrapLoad(loader, async (load) => {
      const report = await load();
      for (const { event, outcome } of report.deliveries.flatMap(({ events }) => events)) {
        const name = event === undefined ? "" : nameOf(event);
        if (!this.#atFirst.has(name)) this.#atFirst.set(name, outcome.status);
        if (outcome.status === "written") this.#written.add(name);
        else if (name === this.#bad) this.failures += 1;
      }
      return report;
    });
  }

  /** Waits until these were written and the bad event failed often enough, or nothing more moves. */
  async waitFor(events: readonly RevisionEvent[]): Promise<void> {
    const patience = new Patience(PATIENCE_MS);
    const isDone = (): boolean => this.failures >= FAILURES_MIN && this.unwrittenOf(events).length === 0;
    // The bad event may fail for ever: only its first failures are progress.
    const reached = (): string => `${this.#written.size} ${Math.min(this.failures, FAILURES_MIN)}`;
    while (!isDone() && patience.mayWait(reached())) await sleep(5);
  }

  unwrittenOf(events: readonly RevisionEvent[]): readonly string[] {
    return events.map(nameOf).filter((name) => !this.#written.has(name));
  }

  unwrittenAtFirstOf(events: readonly RevisionEvent[]): readonly string[] {
    return events.map(nameOf).filter((name) => this.#atFirst.get(name) !== "written");
  }
}

/** Channels with positions have other events for the same records. */
function nameOf({ id }: RevisionEvent): string {
  return id?.value.stringValue() ?? "";
}
