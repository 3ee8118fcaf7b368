// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** Why an export cannot become a ledger, or cannot extend one. */
export type RestoreRefusal = "gap" | "json" | "not-from-start" | "other-strand" | "overlap";

/** First and last block, by their sequence numbers. */
interface BlockRange {
  readonly first: number;
  readonly last: number;
}

/** An export does not fit the ledger that it is to become, or to extend. */
export class RestoreRefusedError extends LedgerLoaderError {
  readonly code = "RESTORE_REFUSED";
  readonly reason: RestoreRefusal;

  constructor(reason: RestoreRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** JSON is refused. */
export function refuseJson(location: string): RestoreRefusedError {
  return new RestoreRefusedError(
    "json",
    `Expected blocks in Ion in the export of ${location}, found JSON, which has lost the types that the hashes cover: ` +
      "restore from an export of the same blocks with OutputFormat ION_TEXT or ION_BINARY.",
  );
}

/** An export that begins later than the journal does is refused where there is no ledger to extend. */
export function requireStart(ledgerName: string, range: BlockRange | undefined): void {
  if (range === undefined || range.first === 0) return;
  throw new RestoreRefusedError(
    "not-from-start",
    `Expected exports from block 0 on, because there is no ledger ${ledgerName} to extend, found block ${range.first} ` +
      `first: name the earlier exports too, or the ledger that ends with block ${range.first - 1}.`,
  );
}

/** An export that extends a ledger MUST be of the ledger's strand. */
export function requireStrand(ledgerName: string, expected: string, found: string | undefined): void {
  if (found === undefined || found === expected) return;
  throw new RestoreRefusedError(
    "other-strand",
    `Expected an export of strand ${expected} to extend ledger ${ledgerName}, found strand ${found}: restore the export ` +
      "as a ledger of another name.",
  );
}

/** An export that extends a ledger MUST begin with the block after the ledger's last one, `head`. */
export function requireNext(ledgerName: string, range: BlockRange | undefined, head: number): void {
  if (range === undefined || range.first === head + 1) return;
  const expected = `Expected an export from block ${head + 1} on, because ledger ${ledgerName}`;
  if (range.first > head) {
    throw new RestoreRefusedError(
      "gap",
      `${expected} ends with block ${head}, found block ${range.first} first: restore the exports of blocks ${head + 1} to ` +
        `${range.first - 1} before, or name them too.`,
    );
  }
  throw new RestoreRefusedError(
    "overlap",
    `${expected} has blocks 0 to ${head}, found blocks ${range.first} to ${range.last}: name only later exports, or restore ` +
      "under another name. A ledger that has committed transactions since it was restored cannot be extended.",
  );
}
