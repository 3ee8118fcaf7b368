// SPDX-License-Identifier: MIT
import {
  BaseRevisionWriter,
  type EventFields,
  type Loader,
  type LoaderOptions,
  type RevisionEvent,
  createEvent,
  createLoader,
} from "@ledger-loader/core";
import type { TestLedger } from "./test-ledger";

let records = 0;

/** An id that no other test of the file uses. */
export function freshId(): string {
  return `record-${++records}.`;
}

/** An INSERT into the table T, unless the fields say otherwise. */
export function event(fields: Partial<EventFields>): RevisionEvent {
  return createEvent({ op: "INSERT", table: "T", ...fields });
}

/** A loader into the ledger, with the built-in writer unless the options name another. */
export function loaderInto(ledger: TestLedger, options: Partial<LoaderOptions> = {}): Loader {
  return createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter(), ...options });
}
