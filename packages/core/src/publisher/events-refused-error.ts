// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { SendRefusal } from "./batch-sender";
import type { RevisionEvent } from "../event/event";

/** An event that a channel will not take, and why. */
export interface RefusedEvent extends SendRefusal {
  readonly event: RevisionEvent;
}

/**
 * A channel refused events for good, such as events that are too large for it. All that could be sent was sent.
 *
 * What came later in the group of a refused event was held back, because it must not arrive before it.
 */
export class EventsRefusedError extends LedgerLoaderError {
  readonly code = "EVENTS_REFUSED";
  readonly refused: readonly RefusedEvent[];
  /** Events that were not sent because an earlier one of their group was refused. */
  readonly heldBack: readonly RevisionEvent[];
  /** Events that the channel accepted. */
  readonly published: number;

  constructor(refused: readonly RefusedEvent[], heldBack: readonly RevisionEvent[], published: number) {
    const codes = [...new Set(refused.map(({ code }) => code))].join(", ");
    const tables = [...new Set(refused.map(({ event }) => event.table))].join(", ");
    super(
      `Expected the channel to accept every event: it accepted ${published}, refused ${refused.length} (${codes}; ` +
        `tables: ${tables}), and ${heldBack.length} were held back behind those. Shorten or leave out what was refused, or ` +
        "raise the channel's limit, then publish again: the loader skips what has arrived.",
    );
    this.refused = refused;
    this.heldBack = heldBack;
    this.published = published;
  }
}
