// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { decodeBlockAddress, formatBlockAddress } from "./block-address";
import type { BlockAddress } from "./address";
import {
  HASH_LENGTH,
  type Hash,
  type IonSlice,
  IonWriter,
  TypeCode,
  formatHash,
  isVersionMarker,
  readSingleValue,
  transcodeToBinary,
} from "@ledger-loader/ion";
import { MalformedProofError } from "./journal-errors";
import { findPrintedDigest } from "./printed-digest";
import type { Proof } from "./proof";

/** The hash of a whole journal up to one block: what one trusts, and how far it reaches. */
export interface Digest {
  readonly hash: Hash;
  /** The last block that the digest covers. */
  readonly tipAddress: BlockAddress;
}

/**
 * Reads a digest as `GetDigest` gave it: `{Digest: "<base64>", DigestTipAddress: {IonText: "{…}"}}`, as JSON or Ion.
 * The console's file, with the fields `digest` and `digestTipAddress`, is read too, and the other text forms of the AWS
 * CLI (`--output text`, `yaml`, `yaml-stream`, `table`).
 *
 * @throws MalformedProofError
 */
export function parseDigest(source: Uint8Array | string): Digest {
  try {
    return parseDigestStruct(source);
  } catch (error) {
    if (!(error instanceof MalformedProofError)) throw error;
    const printed = findPrintedDigest(
      typeof source === "string" ? source : Buffer.from(source).toString("utf8"),
    );
    if (printed === undefined) throw error;
    const { hash, strandId, sequenceNo } = printed;
    return { hash: new Uint8Array(Buffer.from(hash, "base64")), tipAddress: { strandId, sequenceNo } };
  }
}

function parseDigestStruct(source: Uint8Array | string): Digest {
  return guarded("a digest", () => decodeDigest(readDocument(source)));
}

/** Reads the struct of a digest. Throws {@link MalformedProofError}. */
export function decodeDigest(value: IonSlice): Digest {
  return guarded("a digest", () => {
    if (value.type !== "struct") throw malformed("a struct with a digest");
    const hash = value.field("Digest") ?? value.field("digest");
    const tip = value.field("DigestTipAddress") ?? value.field("digestTipAddress");
    if (hash === undefined || tip === undefined) throw malformed("a digest and the address of its tip");
    return {
      hash: decodeHash(hash),
      tipAddress: decodeBlockAddress(unwrapIonText(tip), "DigestTipAddress"),
    };
  });
}

/** A digest in the form of `GetDigest`'s answer. */
export function formatDigest(digest: Digest): string {
  const tip = formatBlockAddress(digest.tipAddress);
  return `${JSON.stringify({ Digest: formatHash(digest.hash), DigestTipAddress: { IonText: tip } }, undefined, 2)}\n`;
}

/** Reads a proof: an Ion list of blobs, bare or as `{Proof: {IonText: "[…]"}}` from `GetBlock` and `GetRevision`. */
export function parseProof(source: Uint8Array | string): Hash[] {
  return guarded("a proof", () => {
    let value = readDocument(source);
    if (value.type === "struct") {
      const wrapped = value.field("Proof") ?? value;
      value = unwrapIonText(wrapped);
    }
    return decodeProof(value);
  });
}

/** Reads the list of a proof. Throws {@link MalformedProofError}. */
export function decodeProof(value: IonSlice): Hash[] {
  return guarded("a proof", () => value.elements().map(decodeHash));
}

/** A proof as the Ion list of blobs that it is in QLDB's answers. */
export function encodeProof(proof: Proof): Uint8Array {
  const writer = new IonWriter();
  writer.open(TypeCode.LIST);
  for (const hash of proof) writer.lob(TypeCode.BLOB, hash);
  writer.close();
  return writer.finish();
}

/** Reads JSON or Ion, text or binary, with a single value. */
export function readDocument(source: Uint8Array | string): IonSlice {
  const isBinary = typeof source !== "string" && isVersionMarker(source);
  return readSingleValue(isBinary ? source : transcodeToBinary(source));
}

/** Returns the value that stands as text in `{IonText: "…"}`, or the value itself. */
export function unwrapIonText(value: IonSlice): IonSlice {
  if (value.type === "string") return readDocument(value.stringValue());
  const text = value.type === "struct" ? value.field("IonText") : undefined;
  return text === undefined ? value : readDocument(text.stringValue());
}

/**
 * Reads a hash as a blob, as a string in base64, or as the numbers that `JSON.stringify` makes of the bytes in an answer of the AWS SDK
 * for JavaScript. Throws {@link MalformedProofError}.
 */
export function decodeHash(value: IonSlice): Hash {
  const hash = bytesOf(value);
  if (hash.length === HASH_LENGTH) return hash;
  throw malformed(`a hash of ${HASH_LENGTH} bytes, found ${hash.length} bytes`);
}

function bytesOf(value: IonSlice): Hash {
  if (value.type === "string") return fromBase64(value.stringValue());
  if (value.type === "list") return fromNumbers(value.elements());
  if (value.type !== "struct") return value.bytesValue();
  // A Buffer names its numbers `data`, and a Uint8Array numbers each.
  const data = value.field("data");
  return data === undefined ? fromNumbered(value) : fromNumbers(data.elements());
}

function fromNumbered(value: IonSlice): Hash {
  const fields = value.fields();
  if (fields.some(([name], i) => name !== String(i))) return new Uint8Array(0);
  return fromNumbers(fields.map(([, each]) => each));
}

function fromNumbers(values: readonly IonSlice[]): Hash {
  const numbers = values.map((each) => (each.type === "int" ? each.intValue() : NaN));
  return numbers.every((n) => n >= 0 && n <= 255) ? Uint8Array.from(numbers) : new Uint8Array(0);
}

/** Node.js skips characters that are none of base64: a text with such is no hash. */
function fromBase64(text: string): Hash {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : new Uint8Array(0);
}

function guarded<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedProofError || !(error instanceof LedgerLoaderError)) throw error;
    throw new MalformedProofError(
      `This is not ${what} as QLDB's control plane returns it. ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

function malformed(expected: string): MalformedProofError {
  return new MalformedProofError(
    `Expected ${expected}: pass the answer of GetDigest, GetBlock or GetRevision.`,
  );
}
