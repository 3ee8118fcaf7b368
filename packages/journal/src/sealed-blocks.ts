// SPDX-License-Identifier: MIT
import { hashesEqual } from "@ledger-loader/ion";
import type { Block } from "./block";
import { shapeEntry } from "./entries";

/** Tells blocks of a ledger of this project, which hash their header too, from blocks of QLDB. */
export class SealedBlocks {
  readonly #given: boolean | undefined;
  #sealed = false;

  /** @param given - true or false if the origin of the journal is known. */
  constructor(given: boolean | undefined) {
    this.#given = given;
  }

  /** True from the first block of this project on, because no block of QLDB follows it. */
  test(block: Block | undefined): boolean {
    this.#sealed = this.#given ?? (this.#sealed || (block !== undefined && this.says(block)));
    return this.#sealed;
  }

  /** True if the block's own entries tell that this project's ledger made it. */
  says({ entriesHashList, revisions = [] }: Block): boolean {
    const shape = shapeEntry(revisions.length);
    return entriesHashList.some((entry) => hashesEqual(entry, shape));
  }
}
