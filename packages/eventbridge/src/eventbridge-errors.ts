// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** An event that the bus will not take, and why. */
export interface RefusedEntry {
  readonly event: RevisionEvent;
  /** EventBridge's code, such as `MalformedDetail`; `EntryTooLarge` and `OrderUnknown` are the publisher's own. */
  readonly code: string;
}

/**
 * The bus refused events for good. All that could be sent was sent.
 *
 * Later events of a refused event's record were held back: they would only wait for it.
 */
export class EventBusRefusedError extends LedgerLoaderError {
  readonly code = "EVENT_BUS_REFUSED";
  readonly refused: readonly RefusedEntry[];
  /** Events that were not sent because an earlier one of their record was refused. */
  readonly heldBack: number;
  /** Events that the bus accepted. */
  readonly published: number;

  constructor(refused: readonly RefusedEntry[], heldBack: number, published: number) {
    const codes = [...new Set(refused.map(({ code }) => code))].join(", ");
    const tables = [...new Set(refused.map(({ event }) => event.table))].join(", ");
    super(
      `Expected the event bus to accept every event: it accepted ${published}, refused ${refused.length} (${codes}; ` +
        `tables: ${tables}), and ${heldBack} were held back behind those. Correct or leave out what was refused, then ` +
        "publish again: the loader skips what has arrived.",
    );
    this.refused = refused;
    this.heldBack = heldBack;
    this.published = published;
  }
}

/** The bus did not take events within the configured number of calls, for reasons that may pass. */
export class EventBusUnavailableError extends LedgerLoaderError {
  readonly code = "EVENT_BUS_UNAVAILABLE";

  constructor(left: number, attempts: number, cause: unknown) {
    const found = cause instanceof Error ? cause.name : String(cause);
    super(
      `Expected the event bus to take every event, but ${left} of a request failed ${attempts} times (${found}): ` +
        "publish again, the loader skips what has arrived.",
      { retryable: true, cause },
    );
  }
}
