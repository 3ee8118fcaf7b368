// SPDX-License-Identifier: MIT
import type { Outcome } from "../event/outcome";

/**
 * The effect of a failed delivery on its channel.
 *
 * - `continue`: deliveries are handed back one by one; others are not affected (SQS standard, SNS, EventBridge).
 * - `block-group`: after a failed delivery, the later ones of its group are handed back too (SQS FIFO).
 */
export type OnFailure = "continue" | "block-group";

/** The part of a delivery that the rule needs. */
export interface GroupMember {
  readonly group?: string | undefined;
  readonly events: readonly { readonly outcome: Outcome }[];
  /** True if it is safe in a dead-letter sink. */
  readonly parked?: boolean | undefined;
}

/** True if a delivery failed by itself: an event of it was rejected, and it is not parked. */
export function hasFailed({ events, parked }: GroupMember): boolean {
  return parked !== true && events.some(({ outcome }) => outcome.status === "rejected");
}

/**
 * The rule of a FIFO group: behind a delivery that failed, the channel must get back all later ones of its group, applied or
 * not, or it would go on with them before the failed one comes again.
 *
 * Deliveries without a group hold back nothing and are never held back, and a parked delivery holds back nothing either.
 *
 * @param deliveries the batch, in its order
 * @returns the same deliveries, each with whether it is held back, and those that must be redelivered
 */
export function holdBack<D extends GroupMember>(
  deliveries: readonly D[],
  onFailure: OnFailure,
): HeldBack<D & { readonly heldBack: boolean }> {
  const failedGroups = new Set<string>();
  const judged = deliveries.map((delivery) => {
    const { group } = delivery;
    const isFailure = hasFailed(delivery);
    const isBehindFailure = group !== undefined && failedGroups.has(group);
    if (isFailure && group !== undefined && onFailure === "block-group") failedGroups.add(group);
    return { ...delivery, heldBack: !isFailure && isBehindFailure && delivery.parked !== true };
  });
  return { deliveries: judged, failed: judged.filter((each) => each.heldBack || hasFailed(each)) };
}

/** A batch after the rule. */
export interface HeldBack<D> {
  readonly deliveries: readonly D[];
  /** Those that must be redelivered, in the order of the batch. */
  readonly failed: readonly D[];
}
