// SPDX-License-Identifier: MIT
import type { BlockAddress } from "./address";
import { type Block, decodeBlock } from "./block";
import { decodeBlockAddress } from "./block-address";
import { decodeDigest, decodeHash, decodeProof, readDocument, unwrapIonText } from "./digest";
import { MalformedProofError } from "./journal-errors";
import type { Hash, IonSlice } from "@ledger-loader/ion";
import type { Proof } from "./proof";
import { type Revision, decodeRevision } from "./revision";

/** Something of which a receipt says that it is in the journal. */
export type ReceiptSubject =
  | { readonly kind: "block"; readonly block: Block }
  /** With the block that holds the revision, if it is at hand. */
  | { readonly kind: "revision"; readonly revision: Revision; readonly block?: Block }
  /** Only the hash of a revision was kept, and perhaps its place. */
  | {
      readonly kind: "hash";
      readonly hash: Hash;
      readonly blockAddress: BlockAddress | undefined;
      readonly documentId: string | undefined;
    };

/** A digest; its tip is not known where a receipt holds the hash alone. */
export interface ReceiptDigest {
  readonly hash: Hash;
  readonly tipAddress: BlockAddress | undefined;
}

/** The parts in one file of a block or revision, its proof and the digest. Any of them may be in another file. */
export interface Receipt {
  readonly subjects: readonly ReceiptSubject[];
  readonly proofs: readonly Proof[];
  readonly digests: readonly ReceiptDigest[];
}

/**
 * Reads a receipt as JSON or Ion, text or binary:
 *
 * - an answer of `GetBlock`, `GetRevision` or `GetDigest`, or the members of several in one struct;
 * - a block, a revision or a proof alone, as Ion;
 * - a receipt as AWS's samples keep it (amazon-qldb-rest-api, amazon-qldb-kvs-nodejs): `RevisionHash`, `BlockAddress`,
 *   `DocumentId`, `Proof` and `LedgerDigest`.
 *
 * The first letter of a field's name may be small or large.
 *
 * @throws MalformedProofError if it is none of these, MalformedBlockError for a block or revision that cannot be read, and what
 *   reading Ion throws.
 */
export function parseReceipt(source: Uint8Array | string): Receipt {
  const value = readDocument(source);
  if (value.type === "list") return { subjects: [], proofs: [decodeProof(value)], digests: [] };
  if (value.type !== "struct") throw noReceipt(`a ${value.type}`);
  if (value.field("entriesHash") !== undefined) return ofSubject(toBlock(value));
  if (value.field("hash") !== undefined) return ofSubject(toRevision(value));
  return readMembers(new Members(value));
}

function ofSubject(subject: ReceiptSubject): Receipt {
  return { subjects: [subject], proofs: [], digests: [] };
}

function toBlock(value: IonSlice): ReceiptSubject {
  return { kind: "block", block: decodeBlock(value) };
}

function toRevision(value: IonSlice): ReceiptSubject {
  return { kind: "revision", revision: decodeRevision(value) };
}

/** The members of an answer, by their names in QLDB's API. */
class Members {
  readonly #value: IonSlice;

  constructor(value: IonSlice) {
    this.#value = value;
  }

  /** The member with `read` applied, as a list, which is empty if there is no such member. */
  read<T>(name: string, read: (member: IonSlice) => T): T[] {
    const member =
      this.#value.field(name) ?? this.#value.field(`${name.charAt(0).toLowerCase()}${name.slice(1)}`);
    return member === undefined || member.isNull ? [] : [read(member)];
  }

  /** A member that answers hold as `{IonText: "…"}`. */
  readIon<T>(name: string, read: (value: IonSlice) => T): T[] {
    return this.read(name, (member) => read(unwrapIonText(member)));
  }
}

function readMembers(members: Members): Receipt {
  const subjects = readSubjects(members);
  const receipt = {
    subjects,
    proofs: members.readIon("Proof", decodeProof),
    digests: [...members.read("LedgerDigest", decodeDigest), ...readDigests(members, subjects)],
  };
  if (Object.values(receipt).every(({ length }) => length === 0)) throw noReceipt("none of them");
  return receipt;
}

function readSubjects(members: Members): ReceiptSubject[] {
  const blocks = members.readIon("Block", toBlock);
  const revisions = members.readIon("Revision", toRevision);
  // A hash beside the content would be another claim about the same thing.
  if (blocks.length + revisions.length > 0) return [...blocks, ...revisions];
  const [blockAddress] = members.readIon("BlockAddress", (value) =>
    decodeBlockAddress(value, "BlockAddress"),
  );
  const [documentId] = members.read("DocumentId", (value) => value.stringValue());
  return members
    .read("RevisionHash", decodeHash)
    .map((hash) => ({ kind: "hash", hash, blockAddress, documentId }));
}

/** A digest without its tip is one of a receipt that holds hashes alone. */
function readDigests(members: Members, subjects: readonly ReceiptSubject[]): ReceiptDigest[] {
  const tipAddress = tipOf(members);
  const mayLackTip = subjects.some(({ kind }) => kind === "hash");
  const hashes = tipAddress === undefined && !mayLackTip ? [] : members.read("Digest", decodeHash);
  return hashes.map((hash) => ({ hash, tipAddress }));
}

function tipOf(members: Members): BlockAddress | undefined {
  return members.readIon("DigestTipAddress", (value) => decodeBlockAddress(value, "DigestTipAddress"))[0];
}

function noReceipt(found: string): MalformedProofError {
  return new MalformedProofError(
    `Expected a block, revision, proof or digest of QLDB, found ${found}: pass the answer of GetBlock, GetRevision or GetDigest.`,
  );
}
