// SPDX-License-Identifier: MIT
import { type Hash, hashIon } from "@ledger-loader/ion";
import {
  type Block,
  blockHashOf,
  type BlockAddress,
  type ClaimVerification,
  type Digest,
  deleteRevisionHash,
  dot,
  entriesHashOf,
  type Revision,
  verifyClaim,
} from "@ledger-loader/journal";
import { readDigest, readProvenBlock, readProvenRevision } from "../api/control-plane";
import { pathOfProof, type PathStep } from "./proof-path";

/** The subject of a verification: a block, or a document's revision in it. */
export interface VerifySubject {
  readonly ledger: string;
  readonly address: BlockAddress;
  /** `undefined` verifies the block. */
  readonly documentId: string | undefined;
}

/** The result of the page. It computed all hashes in it. */
export interface PageVerification extends ClaimVerification {
  readonly digest: Digest;
  /** True if the digest came from outside of the server. */
  readonly isAnchored: boolean;
  /** The hash from which the drawn path begins: recomputed from the content where that is known. */
  readonly startHash: Hash;
  /** The hash that the journal says the content has. */
  readonly statedHash: Hash;
  /** The hashes of the parts of a revision. */
  readonly parts: readonly { readonly name: string; readonly hash: Hash }[];
  readonly steps: readonly PathStep[];
  readonly elapsedMs: number;
}

/**
 * Verifies a block or revision in the browser: fetches content and proof, recomputes all hashes, and follows the proof to the digest.
 *
 * @param saved - a digest from outside. Without one, the server is asked for its digest.
 * @throws ServerError, and what reading a block or revision throws
 */
export async function verifyInPage(
  subject: VerifySubject,
  saved: Digest | undefined,
): Promise<PageVerification> {
  const { ledger, address, documentId } = subject;
  const digest = saved ?? (await readDigest(ledger));
  const tip = digest.tipAddress;
  const { block, proof: blockProof } = await readProvenBlock(ledger, address, tip);
  const found =
    documentId === undefined ? undefined : await readProvenRevision(ledger, { address, documentId }, tip);
  const startedAt = performance.now();
  const proof = found?.proof ?? blockProof;
  const verification = verifyClaim({
    subject:
      found === undefined ? { kind: "block", block } : { kind: "revision", revision: found.revision, block },
    proof,
    digest,
  });
  const start = startOf(block, found?.revision);
  const revisionAt = found === undefined ? undefined : placeIn(block, documentId);
  return {
    ...verification,
    ...start,
    digest,
    isAnchored: saved !== undefined,
    steps: pathOfProof({ block, revisionAt, hash: start.startHash }, proof, tip.sequenceNo),
    elapsedMs: performance.now() - startedAt,
  };
}

function placeIn(block: Block, documentId: string | undefined): number {
  return (block.revisions ?? []).findIndex(({ metadata }) => metadata?.id === documentId);
}

type Start = Pick<PageVerification, "startHash" | "statedHash" | "parts">;

function startOf(block: Block, revision: Revision | undefined): Start {
  if (revision === undefined) {
    const entriesHash = entriesHashOf(block.entriesHashList);
    const parts = [{ name: "entries", hash: entriesHash }];
    return {
      startHash: blockHashOf(entriesHash, block.previousBlockHash),
      statedHash: block.blockHash,
      parts,
    };
  }
  const { data, dataHash, metadataIon, hash } = revision;
  if (metadataIon === undefined) return { startHash: hash, statedHash: hash, parts: [] };
  const metadata = { name: "metadata", hash: hashIon(metadataIon) };
  const content = data === undefined ? dataHash : hashIon(data);
  if (content === undefined)
    return { startHash: deletionHash(revision), statedHash: hash, parts: [metadata] };
  const parts = [metadata, { name: data === undefined ? "redacted data" : "data", hash: content }];
  return { startHash: dot(metadata.hash, content), statedHash: hash, parts };
}

/** Of the two known rules for deletions, the one that the journal follows. */
function deletionHash({ metadataIon, hash }: Revision): Hash {
  if (metadataIon === undefined) return hash;
  const [first, second] = [deleteRevisionHash(metadataIon), deleteRevisionHash(metadataIon, "metadata-only")];
  return second.every((byte, at) => byte === hash[at]) ? second : first;
}
