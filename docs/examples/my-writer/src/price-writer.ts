// SPDX-License-Identifier: MIT
// #region writer
import {
  BaseRevisionWriter,
  type CommittedRevision,
  type Refusal,
  type RevisionEvent,
  dom,
} from "@ledger-loader/core";

/** Keeps with every price what it was before, and takes no price that is not positive. */
export class PriceWriter extends BaseRevisionWriter {
  protected override preValidate(event: RevisionEvent): Refusal | undefined {
    if (event.data === undefined) return undefined;
    const price = event.data.get("price")?.numberValue() ?? 0;
    if (price > 0) return undefined;
    return { detail: "Expected a price above 0, found none. Correct the product." };
  }

  protected override adjustRevision(
    data: dom.Struct,
    _event: RevisionEvent,
    current: CommittedRevision | undefined,
  ): dom.Struct {
    const before = current?.data?.get("price");
    // The event is frozen: a hook makes a new document instead of changing this one.
    return before ? new dom.Struct([...data.fields(), ["priceBefore", before]]) : data;
  }
}
// #endregion
