// SPDX-License-Identifier: MIT
import type { Hash, IonSlice } from "@ledger-loader/ion";

/** A parameter as it was sent. */
export interface StatementParameter {
  /** The value in Ion binary of its own. It MUST be sound: statements decode it only where an expression looks into it. */
  readonly ion: IonSlice;
  /** The Ion hash of it, where it is known. */
  readonly hash?: Hash;
  /** Of a list, the Ion hashes of structs in it, by where they begin: a document that is inserted is not hashed again. */
  readonly structs?: ReadonlyMap<number, Hash>;
  /**
   * About how much memory it takes if it is decoded, in bytes.
   *
   * @defaultValue nothing that matters
   */
  readonly memory?: number;
}
