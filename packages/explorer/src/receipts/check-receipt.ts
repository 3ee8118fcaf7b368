// SPDX-License-Identifier: MIT
import { formatHash } from "@ledger-loader/ion";
import { readBlock } from "../api/control-plane";
import { ServerError } from "../api/server-error";
import type { ReceiptRevision } from "./receipt";

/** How the revision of a receipt and the ledger agree. */
export type ReceiptCheck = "same" | "different" | "missing";

/**
 * Compares the revision of a receipt with the block that the receipt names.
 *
 * @throws ServerError if the server does not answer
 */
export async function checkReceipt(ledger: string, revision: ReceiptRevision): Promise<ReceiptCheck> {
  const { strandId, sequenceNo, documentId, hash } = revision;
  try {
    const { revisions = [] } = await readBlock(ledger, { strandId, sequenceNo });
    const found = revisions.find(({ metadata }) => metadata?.id === documentId);
    if (found === undefined) return "missing";
    return formatHash(found.hash) === hash && found.metadata?.version === revision.version
      ? "same"
      : "different";
  } catch (error) {
    // The block is beyond the end of the journal, or of another strand.
    if (error instanceof ServerError && error.name === "InvalidParameterException") return "missing";
    throw error;
  }
}
