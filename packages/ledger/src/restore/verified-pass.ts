// SPDX-License-Identifier: MIT
import {
  type JournalEnd,
  type JournalExport,
  type VerificationProgress,
  type VerificationReport,
  type VerifiedBlock,
  verifyExport,
} from "@ledger-loader/export";
import { type Block, type Digest, decodeRedactionInfo } from "@ledger-loader/journal";
import { refuseJson } from "./restore-refused-error";

/** The options of a pass over an export. */
export interface PassOptions {
  readonly source: JournalExport;
  readonly digests: readonly Digest[];
  /** The journal that the export continues; absent if the export begins the journal. */
  readonly continues?: JournalEnd | undefined;
  readonly onProgress: ((progress: VerificationProgress) => void) | undefined;
}

/** The result of a pass. */
export interface PassResult {
  readonly report: VerificationReport;
  /** True if all blocks that the export promises were handed on, and nothing contradicts. */
  readonly isRestorable: boolean;
  /** The number of redactions that the blocks record. */
  readonly redactions: number;
  readonly firstBlock: Block | undefined;
}

/**
 * Verifies an export and hands on its blocks, as long as they are sound and each follows the one before.
 *
 * @throws RestoreRefusedError if a block is from JSON.
 */
export async function verifiedPass(
  { source, digests, continues, onProgress }: PassOptions,
  append: (block: Block) => Promise<void>,
): Promise<PassResult> {
  const blocks = new SoundBlocks((continues?.tip.blockAddress.sequenceNo ?? -1) + 1);
  const onBlock = async (verified: VerifiedBlock): Promise<void> => {
    if (verified.isJson) throw refuseJson(source.manifests[0]?.location ?? "the export");
    if (blocks.accept(verified)) await append(verified.block);
  };
  const report = await verifyExport(source, {
    digests,
    onBlock,
    continues,
    onProgress,
  });
  return {
    report,
    isRestorable: blocks.areAllSound && isComplete(report),
    redactions: blocks.redactions,
    firstBlock: blocks.first,
  };
}

/** Tells the blocks of an unbroken, sound run from those after its end. */
class SoundBlocks {
  /** True until a block is not accepted. */
  areAllSound = true;
  first: Block | undefined;
  redactions = 0;
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
    if (block.redactionInfo !== undefined) this.redactions += decodeRedactionInfo(block.redactionInfo).length;
    return true;
  }
}

/** A report without assurance is of an export that failed, or that lacks blocks. */
function isComplete({ verdict, assurance }: VerificationReport): boolean {
  return assurance !== undefined && verdict !== "not-comparable";
}
