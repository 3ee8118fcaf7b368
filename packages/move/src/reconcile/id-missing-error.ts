// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** The mapping of a replay gives an event no id, so that its document cannot be found in the ledger. */
export class IdMissingError extends LedgerLoaderError {
  readonly code = "ID_MISSING";
  readonly table: string;
  /** The block of the export. */
  readonly sequenceNo: number;

  constructor(table: string, sequenceNo: number) {
    super(
      `Expected the mapping to give each event an id, found none for table ${table} in block ${sequenceNo} of the export: ` +
        "only documents with an id can be found in the ledger. Compare the other tables (--tables).",
    );
    this.table = table;
    this.sequenceNo = sequenceNo;
  }
}
