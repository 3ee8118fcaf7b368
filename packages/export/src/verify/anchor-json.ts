// SPDX-License-Identifier: MIT
import type { BlockAddress, Digest } from "@ledger-loader/journal";
import { type JsonShape, jsonHash, jsonList, jsonOptional, jsonStruct, jsonText } from "../json/json-shape";
import type { Anchors, SuppliedProof } from "./anchor-check";
import { blockAddressShape } from "./verification-shapes";

/** A digest in JSON; the hash in base64. */
export interface JsonDigest {
  readonly hash: string;
  readonly tipAddress: BlockAddress;
}

/** A proof in JSON; hashes in base64. */
export interface JsonProof {
  readonly blockAddress: BlockAddress;
  readonly documentId?: string | undefined;
  readonly start?: string | undefined;
  readonly proof: readonly string[];
  readonly digest: JsonDigest;
}

/** Digests and proofs in JSON. */
export interface JsonAnchors {
  readonly digests: readonly JsonDigest[];
  readonly proofs: readonly JsonProof[];
}

/** The form of a {@link JsonDigest}. */
export const jsonDigestShape: JsonShape<JsonDigest> = jsonStruct<JsonDigest>({
  hash: jsonHash,
  tipAddress: blockAddressShape,
});

/** The form of {@link JsonAnchors}. */
export const jsonAnchorsShape: JsonShape<JsonAnchors> = jsonStruct<JsonAnchors>({
  digests: jsonList(jsonDigestShape),
  proofs: jsonList(
    jsonStruct<JsonProof>({
      blockAddress: blockAddressShape,
      documentId: jsonOptional(jsonText),
      start: jsonOptional(jsonHash),
      proof: jsonList(jsonHash),
      digest: jsonDigestShape,
    }),
  ),
});

/** Writes a digest as JSON. */
export function toJsonDigest({ hash, tipAddress }: Digest): JsonDigest {
  return { hash: toBase64(hash), tipAddress: plainAddress(tipAddress) };
}

/** Reads a digest from JSON. */
export function fromJsonDigest({ hash, tipAddress }: JsonDigest): Digest {
  return { hash: fromBase64(hash), tipAddress };
}

/** Writes digests and proofs as JSON. */
export function toJsonAnchors({ digests, proofs }: Anchors): JsonAnchors {
  return { digests: digests.map(toJsonDigest), proofs: proofs.map(toJsonProof) };
}

/** Reads digests and proofs from JSON. */
export function fromJsonAnchors({ digests, proofs }: JsonAnchors): Anchors {
  return { digests: digests.map(fromJsonDigest), proofs: proofs.map(fromJsonProof) };
}

function toJsonProof({ blockAddress, documentId, start, proof, digest }: SuppliedProof): JsonProof {
  return {
    blockAddress: plainAddress(blockAddress),
    documentId,
    start: start && toBase64(start),
    proof: proof.map(toBase64),
    digest: toJsonDigest(digest),
  };
}

function fromJsonProof({ blockAddress, documentId, start, proof, digest }: JsonProof): SuppliedProof {
  return {
    blockAddress,
    documentId,
    ...(start === undefined ? {} : { start: fromBase64(start) }),
    proof: proof.map(fromBase64),
    digest: fromJsonDigest(digest),
  };
}

/** Only the two fields, whatever else the object has. */
function plainAddress({ strandId, sequenceNo }: BlockAddress): BlockAddress {
  return { strandId, sequenceNo };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function fromBase64(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
