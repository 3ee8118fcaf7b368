// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { Refusal } from "./batch-sender";

/** An event that the queue will not take, and why. */
export interface RefusedEvent extends Refusal {
  readonly event: RevisionEvent;
}

/**
 * The queue refused events for good. All that could be sent was sent.
 *
 * What came later in the group of a refused event was held back, because it must not arrive before it.
 */
export class EventsRefusedError extends LedgerLoaderError {
  readonly code = "SQS_EVENTS_REFUSED";
  readonly refused: readonly RefusedEvent[];
  /** Events that were not sent because an earlier one of their group was refused. */
  readonly heldBack: number;
  /** Events that the queue accepted. */
  readonly published: number;

  constructor(refused: readonly RefusedEvent[], heldBack: number, published: number) {
    const codes = [...new Set(refused.map(({ code }) => code))].join(", ");
    const tables = [...new Set(refused.map(({ event }) => event.table))].join(", ");
    super(
      `Expected the queue to accept every event: it accepted ${published}, refused ${refused.length} (${codes}; ` +
        `tables: ${tables}), and ${heldBack} were held back behind those. Shorten or leave out what was refused, then ` +
        "publish again: the loader skips what has arrived.",
    );
    this.refused = refused;
    this.heldBack = heldBack;
    this.published = published;
  }
}
