// SPDX-License-Identifier: MIT
import type { Delivery, LoadReport, Loader, Outcome, RevisionEvent } from "@ledger-loader/core";

/** One delivery per event. */
export function toDeliveries(events: readonly RevisionEvent[]): readonly Delivery[] {
  return events.map((event, i) => toDelivery(String(i), [event]));
}

/** A delivery of several events; `atomic` makes them a source transaction. */
export function toDelivery(
  deliveryId: string,
  events: readonly RevisionEvent[],
  options: { readonly atomic?: boolean; readonly group?: string } = {},
): Delivery {
  const { atomic = false, group } = options;
  return {
    deliveryId,
    group,
    decode: () => ({ atomic, events: events.map((event) => ({ event })) }),
  };
}

/** Loads events, one per delivery, and says how each ended: `written`, `skipped already-applied`… */
export async function loadEvents(
  loader: Loader,
  events: readonly RevisionEvent[],
): Promise<readonly string[]> {
  return outcomesOf(await loader.load(toDeliveries(events), { onFailure: "continue" }));
}

/** How every event of a report ended, as text. */
export function outcomesOf(report: LoadReport): readonly string[] {
  return report.deliveries.flatMap(({ events }) => events.map(({ outcome }) => textOf(outcome)));
}

function textOf(outcome: Outcome): string {
  return outcome.status === "written" ? outcome.status : `${outcome.status} ${outcome.reason}`;
}
