// SPDX-License-Identifier: MIT
import { type Digest, type ReceiptSubject, foldProof } from "@ledger-loader/journal";
import { hashesEqual } from "@ledger-loader/ion";
import type { SuppliedProof } from "@ledger-loader/export";
import { FileError, UsageError } from "../cli-errors";
import { parseReceiptFile } from "./receipt-file";

/**
 * Reads a proof from the answer of `GetBlock` or `GetRevision`, in any form that {@link parseReceiptFile} reads. The digest that
 * it was asked for must be among `digests`.
 *
 * @throws FileError if the file holds no such answer, UsageError if there is no digest.
 */
export function readSuppliedProof(
  content: Uint8Array,
  path: string,
  digests: readonly Digest[],
): SuppliedProof {
  const { subjects, proofs } = parseReceiptFile(content, path);
  const [proof] = proofs;
  if (proof === undefined || proofs.length > 1) throw noAnswer(path, `${proofs.length || "no"} Proof`);
  const proven = subjects.map(toProven).find((each) => each !== undefined);
  if (proven === undefined)
    throw noAnswer(path, "neither a Block nor a Revision with its address and metadata");
  const reached = foldProof(proven.start, proof);
  const digest = digests.find(({ hash }) => hashesEqual(hash, reached)) ?? digests[0];
  if (digest === undefined) {
    throw new UsageError("expected --digest with --proof: a proof leads to the digest that it was asked for");
  }
  return { ...proven, proof, digest };
}

/** The parts of an answer that say what its proof is about. */
type Proven = Required<Pick<SuppliedProof, "blockAddress" | "start">> & Pick<SuppliedProof, "documentId">;

function toProven(subject: ReceiptSubject): Proven | undefined {
  if (subject.kind === "block") {
    return { blockAddress: subject.block.blockAddress, start: subject.block.blockHash };
  }
  const {
    hash: start,
    blockAddress,
    documentId,
  } = subject.kind === "hash" ? subject : { ...subject.revision, documentId: subject.revision.metadata?.id };
  return blockAddress === undefined || documentId === undefined
    ? undefined
    : { blockAddress, documentId, start };
}

function noAnswer(path: string, found: string): FileError {
  return new FileError(
    path,
    `expected the answer of GetBlock or GetRevision in ${path}, with Proof and Block or Revision, as "aws qldb" prints it ` +
      `(JSON, text, table or YAML), found ${found}`,
  );
}
