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
import { type PrintedAnswer, readPrintedAnswer } from "./printed-answer";

/** What a `GetBlock` or `GetRevision` answer says its proof is about. */
interface Proven {
  readonly blockAddress: BlockAddress;
  readonly documentId?: string;
  readonly start: Hash;
}

/**
 * Reads a proof from the answer of `GetBlock` or `GetRevision`, as the AWS CLI prints it with `Block` or `Revision` and
 * `Proof`: JSON, text or YAML. The digest that it was asked for must be among `digests`.
 *
 * @throws FileError if the file holds no such answer, UsageError if there is no digest.
 */
export function readSuppliedProof(
  content: Uint8Array,
  path: string,
  digests: readonly Digest[],
): SuppliedProof {
  const { proof, proven } = readAnswer(content, path);
  const { blockAddress, documentId, start } = proven;
  const reached = foldProof(start, proof);
  const digest = digests.find(({ hash }) => hashesEqual(hash, reached)) ?? digests[0];
  if (digest === undefined) {
    throw new UsageError("expected --digest with --proof: a proof leads to the digest that it was asked for");
  }
  return { blockAddress, start, documentId, proof, digest };
}

function readAnswer(content: Uint8Array, path: string): { readonly proof: Hash[]; readonly proven: Proven } {
  const answer = readPrintedAnswer(Buffer.from(content).toString("utf8"));
  if (answer?.Proof === undefined) throw noAnswer(path, "no Proof");
  try {
    return { proof: parseProof(answer.Proof), proven: readProven(answer, path) };
  } catch (cause) {
    if (cause instanceof FileError || !(cause instanceof LedgerLoaderError)) throw cause;
    throw noAnswer(path, "Ion text that is damaged or of something else", cause);
  }
}

function readProven({ Block, Revision }: PrintedAnswer, path: string): Proven {
  if (Block !== undefined) {
    const { blockAddress, blockHash } = decodeBlock(transcodeToBinary(Block));
    return { blockAddress, start: blockHash };
  }
  const revision = Revision === undefined ? undefined : decodeRevision(transcodeToBinary(Revision));
  const { blockAddress, hash, metadata } = revision ?? {};
  if (blockAddress === undefined || hash === undefined || metadata === undefined) {
    throw noAnswer(path, "neither a Block nor a Revision with its address and metadata");
  }
  return { blockAddress, documentId: metadata.id, start: hash };
}

function noAnswer(path: string, found: string, cause?: Error): FileError {
  return new FileError(
    path,
    `expected the answer of GetBlock or GetRevision in ${path}, with Proof and Block or Revision, as "aws qldb" prints it ` +
      `(JSON, text or YAML), found ${found}`,
    { cause },
  );
}
