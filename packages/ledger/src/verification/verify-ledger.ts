// SPDX-License-Identifier: MIT
import {
  type Assurance,
  type Block,
  type BlockAddress,
  type ChainTip,
  type Digest,
  type Finding,
  type RevisionTally,
  SealedBlocks,
  type Verdict,
  addTally,
  emptyTally,
  heaviestVerdict,
  decodeBlock,
  verifyBlock,
} from "@ledger-loader/journal";
import { formatHash, hashesEqual } from "@ledger-loader/ion";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { readDigest } from "../commit/merkle-nodes";
import { SqliteStorage } from "../storage/sqlite/sqlite-storage";
import { describeLoss, describeMissing, describeTip } from "../storage/missing-commits";
import type { LedgerStorage, StoredBlock } from "../storage/storage";
import { compareDerivedState } from "./compare-derived-state";
import { JournalReplay } from "./journal-replay";

/** How to verify a ledger. */
export interface VerifyLedgerOptions {
  /** A digest that was taken before: what anchors the journal, since whoever can write the file can also make it consistent. */
  readonly digest?: Digest | undefined;
  /** Told how many blocks of how many have been verified. */
  readonly onProgress?:
    ((progress: { readonly blocks: number; readonly blocksTotal: number }) => void) | undefined;
}

/** Something that is not as it should be. Never holds document content. */
export interface LedgerFinding extends Omit<Finding, "rule" | "field"> {
  readonly rule:
    | Finding["rule"]
    /** A block is missing, or is stored under another number or hash than its own. */
    | "block-row"
    /** A block does not follow from those before it. */
    | "replay"
    /** The derived state does not follow from the journal. */
    | "derived-state"
    /** Commits that were acknowledged are not in the journal. */
    | "missing-commits"
    /** Commits whose loss was accepted; their numbers may have been given again. */
    | "accepted-loss"
    /** The digest that was supplied does not match, or cannot be checked. */
    | "digest"
    /** Revisions that are redacted: their content could not be checked. */
    | "unchecked-content";
  readonly field?: string;
}

/** The result of verifying a ledger. */
export interface LedgerVerification {
  readonly verdict: Verdict;
  /** `anchored` if the digest that was supplied matches. `undefined` if the verdict is `failed`. */
  readonly assurance: Assurance | undefined;
  readonly strandId: string;
  readonly blocks: number;
  /** The time of the last block that was read, as the block gives it. */
  readonly lastBlockTime: string | undefined;
  readonly tally: Readonly<RevisionTally>;
  /** The digest of the journal as it was recomputed from its blocks; `undefined` if that failed, or there are none. */
  readonly digest: Digest | undefined;
  /** The first thousand, in the order in which they were made. */
  readonly findings: readonly LedgerFinding[];
}

/** Findings beyond these say nothing new. */
const findingsMax = 1000;
/** Blocks that are derived in one go. */
const groupSize = 256;

/**
 * Verifies a ledger as it is stored: every block, the chain, and that the current documents, the history, the indexes
 * and the hash tree are exactly what follows from the journal.
 *
 * Derives everything anew in a temporary file, which takes as much room on the disk as the ledger. Blocks that are committed
 * meanwhile are not looked at.
 */
export async function verifyLedger(
  storage: LedgerStorage,
  options: VerifyLedgerOptions = {},
): Promise<LedgerVerification> {
  for (;;) {
    const before = await storage.readErasureCount();
    const verification = await verifyOnce(storage, options);
    // What was erased meanwhile may have been compared with a state from before it.
    if (verification.verdict !== "failed" || (await storage.readErasureCount()) === before)
      return verification;
  }
}

async function verifyOnce(storage: LedgerStorage, options: VerifyLedgerOptions): Promise<LedgerVerification> {
  const scratch = await SqliteStorage.openScratch();
  try {
    return await new LedgerVerifier(storage, scratch, options).verify();
  } finally {
    await scratch.close();
  }
}

/** A block that could be read, and its bytes. */
interface SoundBlock {
  readonly block: Block;
  readonly ion: Uint8Array;
}

/** The block, or `undefined` if it cannot be read: then `verifyBlock` tells the reason. */
function findBlock(ion: Uint8Array): Block | undefined {
  try {
    return decodeBlock(ion);
  } catch (error) {
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}

class LedgerVerifier {
  readonly #storage: LedgerStorage;
  readonly #scratch: LedgerStorage;
  readonly #options: VerifyLedgerOptions;
  readonly #findings: LedgerFinding[] = [];
  readonly #tally = emptyTally();
  readonly #sealed = new SealedBlocks(undefined);
  #verdict: Verdict = "passed";
  #strandId = "";
  #previous: ChainTip | undefined;
  #blocks = 0;

  constructor(storage: LedgerStorage, scratch: LedgerStorage, options: VerifyLedgerOptions) {
    this.#storage = storage;
    this.#scratch = scratch;
    this.#options = options;
  }

  async verify(): Promise<LedgerVerification> {
    const head = await this.#storage.readHead();
    const { strandId, givenIds } = await this.#storage.readDescription();
    this.#strandId = strandId;
    const last = head?.sequenceNo ?? -1;
    const replayed = await this.#verifyBlocks(last, new JournalReplay(this.#scratch, givenIds));
    const digest = replayed ? await this.#verifyDerived(last) : undefined;
    await this.#reportLosses();
    const isAnchored = replayed && this.#options.digest !== undefined && (await this.#anchor(last));
    this.#reportUnchecked();
    return {
      verdict: this.#verdict,
      assurance: this.#verdict === "failed" ? undefined : isAnchored ? "anchored" : "consistent",
      strandId: this.#strandId,
      blocks: this.#blocks,
      lastBlockTime: this.#previous?.blockTimestamp,
      tally: this.#tally,
      digest,
      findings: this.#findings,
    };
  }

  /** Returns whether all blocks could be replayed. */
  async #verifyBlocks(last: number, replay: JournalReplay): Promise<boolean> {
    let group: SoundBlock[] = [];
    let isSound = true;
    const derive = async (): Promise<void> => {
      // State is derived from sound blocks only: from others anything might follow.
      isSound = isSound && this.#verdict !== "failed";
      isSound = isSound && (await this.#derive(replay, group));
      group = [];
      this.#options.onProgress?.({ blocks: this.#blocks, blocksTotal: last + 1 });
    };
    for await (const block of this.#storage.readBlocks(0, last)) {
      const sound = this.#verifyBlock(block);
      if (sound !== undefined) group.push({ block: sound, ion: block.ion });
      if (group.length >= groupSize) await derive();
    }
    if (this.#blocks !== last + 1)
      this.#report("block-row", `Expected ${last + 1} blocks, found ${this.#blocks}`);
    await derive();
    return isSound;
  }

  /** Returns the block, unless it cannot be read. */
  #verifyBlock({ sequenceNo, hash, ion }: StoredBlock): Block | undefined {
    this.#blocks += 1;
    const decoded = findBlock(ion);
    const sealed = this.#sealed.test(decoded);
    const { block, findings, tally } = verifyBlock(decoded ?? ion, { previous: this.#previous, sealed });
    for (const finding of findings) this.#add(finding);
    addTally(this.#tally, tally);
    this.#previous = block;
    if (block === undefined) return undefined;
    const { blockAddress, blockHash } = block;
    if (blockAddress.sequenceNo !== sequenceNo || !hashesEqual(blockHash, hash)) {
      this.#report(
        "block-row",
        `Block ${sequenceNo} is stored under a number or hash that is not its own`,
        blockAddress,
      );
    }
    if (blockAddress.strandId !== this.#strandId) {
      this.#report("strand", `Block ${sequenceNo} is of another strand than the ledger`, blockAddress);
    }
    return block;
  }

  async #derive(replay: JournalReplay, group: readonly SoundBlock[]): Promise<boolean> {
    try {
      await this.#scratch.lockHead(async (lock) => {
        for (const { block, ion } of group) await replay.append(lock, block, ion);
      });
      return true;
    } catch (error) {
      if (!(error instanceof LedgerLoaderError)) throw error;
      this.#report("replay", error.message);
      return false;
    }
  }

  /** Returns the digest; an empty journal has none. */
  async #verifyDerived(last: number): Promise<Digest | undefined> {
    const stored = this.#storage.derivedState(last);
    for await (const difference of compareDerivedState(stored, this.#scratch.derivedState(last))) {
      this.#report("derived-state", difference);
    }
    if (last < 0) return undefined;
    const tipAddress = { strandId: this.#strandId, sequenceNo: last };
    return { hash: await readDigest(this.#scratch, last + 1), tipAddress };
  }

  async #anchor(last: number): Promise<boolean> {
    const { hash, tipAddress } = this.#options.digest ?? { hash: new Uint8Array(0), tipAddress: undefined };
    if (tipAddress?.strandId !== this.#strandId) {
      const message = "The digest that was supplied is of another strand, so of another ledger";
      this.#report("digest", message, tipAddress, { severity: "not-comparable" });
      return false;
    }
    if (tipAddress.sequenceNo > last) {
      // A copy without its log, or an older copy, looks the same as a journal whose end was cut off: no evidence.
      const message = `The digest reaches up to block ${tipAddress.sequenceNo}, the journal has ${last + 1} blocks`;
      this.#report("digest", message, tipAddress, { severity: "incomplete" });
      return false;
    }
    const found = await readDigest(this.#scratch, tipAddress.sequenceNo + 1);
    if (hashesEqual(hash, found)) return true;
    this.#report("digest", "The journal does not give the digest that was supplied", tipAddress, {
      expected: formatHash(hash),
      found: formatHash(found),
    });
    return false;
  }

  async #reportLosses(): Promise<void> {
    const missing = await this.#storage.findMissingCommits();
    if (missing !== undefined) {
      const message = `${describeTip(missing.tip)} was acknowledged, the journal has ${describeMissing(missing)}`;
      this.#report("missing-commits", message.replace(/^b/, "B"));
    }
    for (const loss of await this.#storage.readAcceptedLosses()) {
      this.#report("accepted-loss", describeLoss(loss), undefined, { severity: "warning" });
    }
  }

  #reportUnchecked(): void {
    const { redacted, hashOnly } = this.#tally;
    if (redacted + hashOnly === 0) return;
    const message = `The content of ${redacted + hashOnly} redacted revisions could not be checked`;
    this.#report("unchecked-content", message, undefined, { severity: "incomplete" });
  }

  #report(
    rule: LedgerFinding["rule"],
    message: string,
    blockAddress?: BlockAddress,
    details: Partial<LedgerFinding> = {},
  ): void {
    const place = blockAddress === undefined ? {} : { blockAddress };
    this.#add({ rule, severity: "failed", message: `${message}.`, ...place, ...details });
  }

  #add(finding: LedgerFinding): void {
    if (finding.severity !== "warning") this.#verdict = heaviestVerdict([this.#verdict, finding.severity]);
    if (this.#findings.length < findingsMax) this.#findings.push(finding);
  }
}
