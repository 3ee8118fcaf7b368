// SPDX-License-Identifier: MIT
/** Where a block stands: which strand of the journal, and how many blocks before it. */
export interface BlockAddress {
  readonly strandId: string;
  readonly sequenceNo: number;
}
