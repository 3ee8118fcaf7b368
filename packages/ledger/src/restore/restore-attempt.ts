// SPDX-License-Identifier: MIT
import { decodeBlock } from "@ledger-loader/journal";
import type { LedgerDirectory } from "../storage/ledger-directory";
import type { LedgerStorage } from "../storage/storage";
import type { LedgerRestoration } from "./ledger-restoration";
import { RedactionPlan } from "./redaction-plan";

/** What one attempt came to: done, or to be done again with redactions that became known. */
export type Attempt = { readonly redactions: RedactionPlan } | { readonly restoration: LedgerRestoration };

/** Ends the filling of a storage, so that nothing of it is kept. */
export class AbandonedFilling extends Error {}

/** Redactions are recorded after what they redact: where they matter, all is done again with all of them known. */
export async function withKnownRedactions(
  attempt: (known: RedactionPlan) => Promise<Attempt>,
): Promise<LedgerRestoration> {
  let known = new RedactionPlan();
  for (;;) {
    const result = await attempt(known);
    if ("restoration" in result) return result.restoration;
    known = result.redactions;
  }
}

/** Fills a storage that becomes the ledger of this name if, and only if, a ledger came of it. */
export async function fillNew(
  directory: LedgerDirectory,
  name: string,
  fill: (storage: LedgerStorage) => Promise<Attempt>,
): Promise<Attempt> {
  let attempt: Attempt | undefined;
  try {
    await directory.create(name, async (storage) => {
      attempt = await fill(storage);
      if ("redactions" in attempt || attempt.restoration.restored === undefined) throw new AbandonedFilling();
    });
  } catch (error) {
    if (!(error instanceof AbandonedFilling)) throw error;
  }
  if (attempt === undefined) throw new Error("Expected a directory to fill the storage that it creates.");
  return attempt;
}

/** True if a stored block holds data of a redacted revision. */
export async function holdsRedacted(storage: LedgerStorage, redactions: RedactionPlan): Promise<boolean> {
  for (const sequenceNo of redactions.sequenceNos) {
    const stored = await storage.readBlock(sequenceNo);
    const block = stored && decodeBlock(stored.ion);
    if (block !== undefined && redactions.apply(block) !== block) return true;
  }
  return false;
}
