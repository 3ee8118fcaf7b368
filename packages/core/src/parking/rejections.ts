// SPDX-License-Identifier: MIT
import type { DeadLetter } from "./dead-letter";
import { toIonText } from "@ledger-loader/ion";
import type { Rejected } from "../event/outcome";
import type { DeliveryReport, EventReport } from "../loader/report";

/** An event that was rejected. */
export interface Rejection {
  readonly event: EventReport["event"];
  readonly outcome: Rejected;
}

/** Why a delivery could not be applied, as a dead letter says it. */
export type FailureCause = Pick<DeadLetter, "reason" | "detail" | "retryable" | "waitingFor">;

/** The events of a delivery that were rejected, in order. */
export function rejectionsOf({ events }: DeliveryReport): readonly Rejection[] {
  return events.flatMap(({ event, outcome }) => (outcome.status === "rejected" ? [{ event, outcome }] : []));
}

/** Why a delivery could not be applied; `undefined` where it could. */
export function causeOfFailure(report: DeliveryReport): FailureCause | undefined {
  const rejections = rejectionsOf(report);
  const cause = findCause(rejections);
  if (cause === undefined) return undefined;
  const { reason, detail } = cause.outcome;
  const waitingFor = awaitedBy(cause);
  return {
    reason,
    detail,
    retryable: rejections.every(({ outcome }) => outcome.retryable),
    waitingFor,
  };
}

/** The rejection that a person must do something about: one for good before one for now, a cause before what follows. */
export function findCause(rejections: readonly Rejection[]): Rejection | undefined {
  const causes = rejections.filter(
    ({ outcome }) => outcome.reason !== "transaction-rejected" && outcome.reason !== "held-up",
  );
  return causes.find(({ outcome }) => !outcome.retryable) ?? causes[0] ?? rejections[0];
}

function awaitedBy({ event, outcome }: Rejection): DeadLetter["waitingFor"] {
  if (outcome.reason !== "version-gap" || event?.id === undefined || event.version === undefined)
    return undefined;
  return { table: event.table, id: toIonText(event.id.value), version: event.version - 1 };
}
