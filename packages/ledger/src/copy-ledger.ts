// SPDX-License-Identifier: MIT
import type { EmbeddedLedger } from "./embedded-ledger";
import { CopyDiffersError } from "./errors";
import type { LedgerStorage } from "./storage/storage";
import { rebuildLedger } from "./verification/rebuild-ledger";
import {
  type LedgerVerification,
  verifyLedger,
  type VerifyLedgerOptions,
} from "./verification/verify-ledger";

/** How a ledger is copied. */
export type CopyLedgerOptions = Pick<VerifyLedgerOptions, "onProgress">;

/**
 * Fills an empty storage with a ledger as it is now, and verifies what the storage then holds.
 *
 * @throws CopyDiffersError if that is not the ledger's journal.
 */
export async function fillCopy(
  target: LedgerStorage,
  original: EmbeddedLedger,
  options: CopyLedgerOptions,
): Promise<LedgerVerification> {
  await target.writeDescription(original.description);
  const isEmpty = (await original.readHead()) === undefined;
  if (isEmpty) return verifyLedger(target, options);
  const digest = await original.digest();
  await rebuildLedger(
    target,
    original.blocks({ last: digest.tipAddress.sequenceNo }),
    original.description.givenIds,
  );
  const verification = await verifyLedger(target, { ...options, digest });
  // Redacted content cannot be checked, in the copy as in the original.
  if (verification.verdict !== "failed" && verification.assurance === "anchored") return verification;
  throw new CopyDiffersError(original.description.name, verification.findings[0]?.message);
}
