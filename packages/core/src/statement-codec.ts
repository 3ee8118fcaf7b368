// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";

/**
 * Encodes and hashes what statements carry, in place of the driver.
 *
 * The driver does so with ion-js and ion-hash-js, which takes over a millisecond of processor time for a document of a
 * kilobyte: most of what loading one costs. This package depends on no other codec; `statementCodec` of
 * `@ledger-loader/journal` is one.
 */
export interface StatementCodec {
  /** Ion binary of one value, self-contained. */
  encode(value: dom.Value): Uint8Array;
  /** The value of self-contained Ion binary. */
  decode(ion: Uint8Array): dom.Value;
  /**
   * What the commit digest grows by: the Ion hash of the statement's text, folded by QLDB's `dot` with that of each
   * parameter. MUST be what the ledger computes, or the ledger refuses to commit.
   */
  digest(statement: string, parameters: readonly Uint8Array[]): Uint8Array;
}
