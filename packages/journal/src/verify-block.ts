// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { decodeBlock } from "./block";
import type { Block } from "./block";

import { blockFinding, hashFinding } from "./block-finding";
import { revisionRoot } from "./build-block";
import { blockHashOf, entriesHashOf, headerEntry, shapeEntry } from "./entries";
import type { Finding, FindingRule } from "./finding";
import { HASH_LENGTH, type Hash, IonSlice, formatHash, hashIon, hashesEqual } from "@ledger-loader/ion";
import { MalformedBlockError } from "./journal-errors";
import { findDocumentIds } from "./transaction-info";
import { type ChainTip, verifyLink } from "./verify-link";
import { emptyTally, verifyRevision } from "./verify-revision";
import type { RevisionTally } from "./verify-revision";

/** How to verify a block. */
export interface VerifyBlockOptions {
  /** The block before, if it is at hand. Without it the link, the sequence and the strand are not checked. */
  readonly previous?: ChainTip | undefined;
  /**
   * True if our own ledger made the block: its header and its number of revisions are then hashed too, and checked.
   * Default: `false`, as for blocks of QLDB.
   */
  readonly sealed?: boolean;
  /**
   * True for a block from a JSON export, whose values lost the types that are hashed. Only the hashes themselves are
   * compared: entries, block hash, link, and the root of the revisions.
   * @defaultValue false
   */
  readonly hashesOnly?: boolean;
}

/** The result of verifying a block. */
export interface BlockVerification {
  /** The block, unless it could not be read; it is the next block's `previous`. */
  readonly block: Block | undefined;
  readonly findings: readonly Finding[];
  /** How the block's revisions were verified. */
  readonly tally: RevisionTally;
}

/**
 * Recomputes whatever of a block can be recomputed, and compares whatever is there twice.
 *
 * Takes the block as Ion binary where it stands in a stream, and hashes its revisions in place. As in AWS's own
 * validator, the hashes of `transactionInfo`, `redactionInfo` and the revisions must be among the entries, wherever;
 * all other entries are opaque. Damage never throws: it is a finding. {@link UNCOVERED_FIELDS} lists what no rule covers.
 */
export function verifyBlock(
  source: Block | IonSlice | Uint8Array,
  options: VerifyBlockOptions = {},
): BlockVerification {
  const findings: Finding[] = [];
  const tally = emptyTally();
  let block: Block | undefined;
  try {
    block = source instanceof Uint8Array || source instanceof IonSlice ? decodeBlock(source) : source;
    new BlockVerifier(block, findings).verify(options, tally);
  } catch (error) {
    if (!(error instanceof LedgerLoaderError)) throw error;
    findings.push(unreadable(error, block));
  }
  return { block, findings, tally };
}

function unreadable(error: LedgerLoaderError, block: Block | undefined): Finding {
  const place = error instanceof MalformedBlockError ? error : undefined;
  return {
    rule: "malformed-block",
    severity: "failed",
    message: error.message,
    blockAddress: place?.blockAddress ?? block?.blockAddress,
    field: place?.field ?? "",
  };
}

class BlockVerifier {
  readonly #block: Block;
  readonly #findings: Finding[];

  constructor(block: Block, findings: Finding[]) {
    this.#block = block;
    this.#findings = findings;
  }

  verify(options: VerifyBlockOptions, tally: RevisionTally): void {
    if (options.previous !== undefined) this.#findings.push(...verifyLink(this.#block, options.previous));
    this.#hashes();
    if (options.hashesOnly !== true) this.#infoEntries();
    this.#revisionEntries();
    if (options.sealed === true) this.#sealedEntries();
    this.#revisions(options, tally);
  }

  #hashes(): void {
    const block = this.#block;
    const entriesHash = entriesHashOf(block.entriesHashList);
    if (!hashesEqual(entriesHash, block.entriesHash)) {
      this.#hashDiffers("entries-hash", "entriesHash", entriesHash, block.entriesHash);
    }
    // From the entries as listed, so that one wrong entry is one finding and not two.
    const candidates = firstPreviousHashes(block).map((previous) => blockHashOf(block.entriesHash, previous));
    if (candidates.some((hash) => hashesEqual(hash, block.blockHash))) return;
    this.#hashDiffers("block-hash", "blockHash", candidates[0], block.blockHash);
  }

  #infoEntries(): void {
    const { transactionInfo, redactionInfo } = this.#block;
    if (transactionInfo)
      this.#requireEntry("transaction-info-entry", "transactionInfo", hashIon(transactionInfo));
    if (redactionInfo) this.#requireEntry("redaction-info-entry", "redactionInfo", hashIon(redactionInfo));
  }

  #revisionEntries(): void {
    const { revisions, revisionSummaries } = this.#block;
    if (revisions && revisions.length > 0) {
      this.#requireEntry("revision-root-entry", "revisions", revisionRoot(revisions));
    }
    if (revisionSummaries && revisionSummaries.length > 0) {
      this.#requireEntry("revision-root-entry", "revisionSummaries", revisionRoot(revisionSummaries));
    }
  }

  #sealedEntries(): void {
    const { revisions, revisionSummaries, previousBlockHash, blockAddress } = this.#block;
    if (blockAddress.sequenceNo === 0 && previousBlockHash?.length !== 0) {
      this.#hashDiffers("chain-link", "previousBlockHash", new Uint8Array(0), previousBlockHash);
    }
    const count = (revisions ?? revisionSummaries ?? []).length;
    this.#requireEntry(
      "header-entry",
      "blockAddress, transactionId or blockTimestamp",
      headerEntry(this.#block),
    );
    this.#requireEntry("shape-entry", "revisions", shapeEntry(count));
  }

  #requireEntry(rule: FindingRule, field: string, hash: Hash): void {
    if (this.#block.entriesHashList.some((entry) => hashesEqual(entry, hash))) return;
    this.#add(rule, field, `The hash of ${field} is not among the block's entries`, {
      expected: formatHash(hash),
      found: "no such entry",
    });
  }

  #revisions({ sealed = false, hashesOnly = false }: VerifyBlockOptions, tally: RevisionTally): void {
    const block = this.#block;
    const documentIds = block.transactionInfo && findDocumentIds(block.transactionInfo);
    for (const [index, revision] of (block.revisions ?? []).entries()) {
      verifyRevision(
        { block, revision, path: `revisions[${index}]`, sealed, hashesOnly, documentIds, tally },
        (finding) => {
          this.#findings.push(finding);
        },
      );
    }
    for (const [index, { documentId }] of (block.revisionSummaries ?? []).entries()) {
      tally.revisions++;
      tally.hashOnly++;
      if (documentId === undefined || documentIds === undefined || documentIds.has(documentId)) continue;
      this.#add(
        "revision-document",
        `revisionSummaries[${index}].documentId`,
        "The transaction names no such document",
        {
          expected: "one of the ids in transactionInfo.documents",
          found: documentId,
        },
      );
    }
  }

  #hashDiffers(rule: FindingRule, field: string, expected: Hash | undefined, found: Hash | undefined): void {
    this.#findings.push(hashFinding(this.#block.blockAddress, rule, field, expected, found));
  }

  #add(rule: FindingRule, field: string, message: string, details: Partial<Finding>): void {
    this.#findings.push(blockFinding(this.#block.blockAddress, rule, field, message, details));
  }
}

/**
 * The hashes that may stand for the block before. What QLDB puts into its first block is not known: an empty blob, no
 * field and 32 zero bytes, which count as a hash or as none, are all accepted there, and only there.
 */
function firstPreviousHashes({ blockAddress, previousBlockHash }: Block): (Hash | undefined)[] {
  const isZero = previousBlockHash?.length === HASH_LENGTH && previousBlockHash.every((byte) => byte === 0);
  if (blockAddress.sequenceNo === 0 && isZero) return [previousBlockHash, undefined];
  // An empty hash further on would cut the chain: it cannot give the hash of a block that has one before it.
  if (blockAddress.sequenceNo > 0 && (previousBlockHash === undefined || previousBlockHash.length === 0))
    return [];
  return [previousBlockHash];
}
