// SPDX-License-Identifier: MIT
import type { VerificationReport } from "@ledger-loader/export";
import type { Digest } from "@ledger-loader/journal";
import { readDigest } from "../commit/merkle-nodes";
import type { GivenId, LedgerStorage } from "../storage/storage";
import type { DerivationNotes } from "../verification/derivation-notes";
import type { JournalReplay } from "../verification/journal-replay";
import type { PassResult } from "./verified-pass";

/** The result of restoring a ledger. */
export interface LedgerRestoration {
  /** The result of verifying the export. */
  readonly report: VerificationReport;
  /** The ledger as it is now; `undefined` if nothing was changed, because the export is not sound or lacks blocks. */
  readonly restored: RestoredLedger | undefined;
}

/** A ledger that an export became, or extended. */
export interface RestoredLedger {
  /** The number of blocks that the ledger had before. */
  readonly blocksBefore: number;
  readonly blocks: number;
  /** Of the whole journal. */
  readonly digest: Digest;
  /** Redactions that the export's blocks record. */
  readonly redactions: number;
  /** The parts of the ledger that were made up, and those that could not be derived. */
  readonly notes: Pick<DerivationNotes, "madeUpIds" | "gaps" | "gapCount">;
  /** Given ids that these blocks have no table or index for. */
  readonly unusedIds: readonly GivenId[];
}

/** Describes a storage that holds all blocks of an export. */
export async function describeRestored(
  storage: LedgerStorage,
  blocksBefore: number,
  { report, redactions }: PassResult,
  { notes, unusedIds }: Pick<JournalReplay, "notes" | "unusedIds">,
): Promise<LedgerRestoration> {
  const sequenceNo = (await storage.readHead())?.sequenceNo ?? -1;
  const { strandId } = await storage.readDescription();
  const hash = await readDigest(storage, sequenceNo + 1);
  const digest = { hash, tipAddress: { strandId, sequenceNo } };
  return {
    report,
    restored: { blocksBefore, blocks: sequenceNo + 1, digest, redactions, notes, unusedIds },
  };
}
