// SPDX-License-Identifier: MIT
import {
  type BlockAddress,
  type Digest,
  decodeBlock,
  decodeRevision,
  foldProof,
  parseProof,
} from "@ledger-loader/journal";
import { type Hash, hashesEqual, transcodeToBinary } from "@ledger-loader/ion";
import type { SuppliedProof } from "@ledger-loader/export";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { FileError, UsageError } from "../cli-errors";

/** What a `GetBlock` or `GetRevision` answer says its proof is about. */
interface Proven {
  readonly blockAddress: BlockAddress;
  readonly documentId?: string;
  readonly start: Hash;
}

/**
 * Reads a proof from the answer of `GetBlock` or `GetRevision`, as the AWS CLI prints it: JSON with `Block` or `Revision`
 * and `Proof`. The digest that it was asked for must be among `digests`.
 *
 * @throws FileError if the file holds no such answer, UsageError if there is no digest.
 */
export function readSuppliedProof(
  content: Uint8Array,
  path: string,
  digests: readonly Digest[],
): SuppliedProof {
  try {
    const answer = JSON.parse(Buffer.from(content).toString("utf8")) as Readonly<Record<string, unknown>>;
    const proof = parseProof(Buffer.from(content).toString("utf8"));
    const { blockAddress, documentId, start } = readProven(answer);
    const reached = foldProof(start, proof);
    const digest = digests.find(({ hash }) => hashesEqual(hash, reached)) ?? digests[0];
    if (digest === undefined) {
      throw new UsageError(
        "expected --digest with --proof: a proof leads to the digest that it was asked for",
      );
    }
    return { blockAddress, start, ...(documentId === undefined ? {} : { documentId }), proof, digest };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const found =
      cause instanceof LedgerLoaderError || cause instanceof Error ? cause.message : String(cause);
    throw new FileError(
      path,
      `expected the answer of GetBlock or GetRevision in ${path}, JSON with Proof and Block or Revision, found: ${found}`,
      { cause },
    );
  }
}

function readProven(answer: Readonly<Record<string, unknown>>): Proven {
  const block = ionTextOf(answer["Block"]);
  if (block !== undefined) {
    const { blockAddress, blockHash } = decodeBlock(transcodeToBinary(block));
    return { blockAddress, start: blockHash };
  }
  const text = ionTextOf(answer["Revision"]);
  const revision = text === undefined ? undefined : decodeRevision(transcodeToBinary(text));
  const { blockAddress, hash, metadata } = revision ?? {};
  if (blockAddress === undefined || hash === undefined || metadata === undefined) {
    throw new Error("neither a Block nor a Revision with its address and metadata");
  }
  return { blockAddress, documentId: metadata.id, start: hash };
}

function ionTextOf(member: unknown): string | undefined {
  if (typeof member === "string") return member;
  const text = (member as { readonly IonText?: unknown } | undefined)?.IonText;
  return typeof text === "string" ? text : undefined;
}
