// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "./event";

/**
 * Changes an event after it was decoded and before it is judged: what it returns is what the ledger gets.
 *
 * MUST be deterministic, and MUST leave operation, table, version and position alone: a redelivery is recognized by what
 * this returns for it. What it throws rejects the event as `transform-failed`, so that nothing gets in unmasked.
 */
export type EventTransform = (event: RevisionEvent) => RevisionEvent;
