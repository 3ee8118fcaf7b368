// SPDX-License-Identifier: MIT
import { BaseRevisionWriter, type CommittedRevision, type RevisionEvent } from "@ledger-loader/core";
import { dom } from "ion-js";

/** Counts a record's revisions in the document itself, so that each revision builds upon the one before. */
export class CountingWriter extends BaseRevisionWriter {
  protected override adjustRevision(
    data: dom.Struct,
    _event: RevisionEvent,
    current: CommittedRevision | undefined,
  ): dom.Struct {
    const seen = (current?.data?.get("seen")?.numberValue() ?? 0) + 1;
    return new dom.Struct([...data.fields(), ["seen", dom.Value.from(seen)]]);
  }
}
