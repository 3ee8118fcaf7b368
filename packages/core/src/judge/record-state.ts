// SPDX-License-Identifier: MIT
import type { Position } from "../event/event";

/**
 * The ledger's state of a record, as `judge` needs it.
 *
 * `version` is in the event's count, which differs from the document's own where a record was created anew or
 * started mid-history.
 */
export type RecordState =
  | { readonly status: "unknown" }
  | {
      /** `present`: there is a current document. `deleted`: its deletion is on record. */
      readonly status: "present" | "deleted";
      /** The last version applied; for a deleted record that of the deletion. */
      readonly version: number;
      /** The first version that the ledger holds: 0 unless the history started later. */
      readonly start: number;
      /** The last position applied, for records that came with positions. */
      readonly position?: Position | undefined;
      /**
       * How the event compares with the revision that it names: by its version, else the current one (deleted
       * counts as one). `different` also where equality could not be proven.
       */
      readonly held: "equal" | "different";
    };
