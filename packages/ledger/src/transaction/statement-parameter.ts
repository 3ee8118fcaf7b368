// SPDX-License-Identifier: MIT
import type { Hash } from "@ledger-loader/ion";
import type { dom } from "ion-js";

/** A parameter as a value and as the Ion binary it was sent as. */
export interface StatementParameter {
  readonly value: dom.Value;
  readonly ion: Uint8Array;
  /** The Ion hash of it, where it is known. */
  readonly hash?: Hash;
  /** About how much memory the value takes, in bytes. Default: nothing that matters. */
  readonly memory?: number;
}
