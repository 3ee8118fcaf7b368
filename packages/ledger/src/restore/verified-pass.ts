// SPDX-License-Identifier: MIT
import {
  type JournalEnd,
  type JournalExport,
  type VerificationProgress,
  type VerificationReport,
  type VerifiedBlock,
  verifyExport,
} from "@ledger-loader/export";
import type { Block, Digest } from "@ledger-loader/journal";
import { refuseJson } from "./restore-refused-error";
import { RedactionPlan } from "./redaction-plan";

/** What every pass over an export has. */
export interface PassInput {
  readonly source: JournalExport;
  readonly digests: readonly Digest[];
  readonly onProgress: ((progress: VerificationProgress) => void) | undefined;
}

/** What one pass over an export needs. */
export interface PassOptions extends PassInput {
  /** The journal that the export continues; absent if the export begins the journal. */
  readonly continues: JournalEnd | undefined;
  /** Redactions that are known before: they are applied to the blocks. */
  readonly redactions: RedactionPlan;
}

/** What came of a pass. */
export interface PassResult {
  readonly report: VerificationReport;
  /** True if all blocks that the export promises were handed on, and nothing contradicts. */
  readonly isRestorable: boolean;
  /** All redactions that the blocks record. */
  readonly redactions: RedactionPlan;
  readonly firstBlock: Block | undefined;
}

/**
 * Verifies an export and hands on its blocks, as long as they are sound and each follows the one before.
 *
 * @throws RestoreRefusedError if a block is from JSON.
 */
export async function verifiedPass(
  { source, digests, continues, redactions, onProgress }: PassOptions,
  append: (block: Block) => Promise<void>,
): Promise<PassResult> {
  const blocks = new SoundBlocks((continues?.tip.blockAddress.sequenceNo ?? -1) + 1);
  const found = new RedactionPlan();
  const onBlock = async (verified: VerifiedBlock): Promise<void> => {
    if (verified.isJson) throw refuseJson(source.manifests[0]?.location ?? "the export");
    if (!blocks.accept(verified)) return;
    found.collect(verified.block);
    await append(redactions.apply(verified.block));
  };
  const report = await verifyExport(source, {
    digests,
    onBlock,
    ...(continues && { continues }),
    ...(onProgress && { onProgress }),
  });
  return {
    report,
    isRestorable: blocks.areAllSound && isComplete(report),
    redactions: found,
    firstBlock: blocks.first,
  };
}

/** Tells the blocks of an unbroken, sound run from those after its end. */
class SoundBlocks {
  /** True until a block is not accepted. */
  areAllSound = true;
  first: Block | undefined;
  #next: number;

  constructor(next: number) {
    this.#next = next;
  }

  accept({ block, verdict }: VerifiedBlock): boolean {
    const isNext = block.blockAddress.sequenceNo === this.#next;
    this.areAllSound &&= isNext && verdict !== "failed" && verdict !== "not-comparable";
    if (!this.areAllSound) return false;
    this.#next += 1;
    this.first ??= block;
    return true;
  }
}

/** A report without assurance is of an export that failed, or that lacks blocks. */
function isComplete({ verdict, assurance }: VerificationReport): boolean {
  return assurance !== undefined && verdict !== "not-comparable";
}
