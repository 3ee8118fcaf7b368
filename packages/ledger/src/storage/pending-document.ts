// SPDX-License-Identifier: MIT
import {
  encodeIon,
  encodeNode,
  type Hash,
  hashInSteps,
  hashIon,
  type IonNode,
  isDecoded,
  readSingleValue,
} from "@ledger-loader/ion";
import { type PathKey, type Undecoded, valueAt } from "@ledger-loader/partiql";
import type { dom } from "ion-js";
import { HASHED_PER_TURN, inTurns } from "../turns";
import type { StoredRevision } from "./storage";

/** The state of one document in a transaction. */
export interface PendingDocument {
  readonly tableNo: number;
  readonly documentId: string;
  /** The committed revision that this one will supersede; absent if this transaction inserted the document. */
  readonly base: StoredRevision | undefined;
  /** The new content; absent if the document was deleted. */
  readonly content: DocumentContent | undefined;
  /** The statements that changed it, by their place in the transaction, one entry per modification. */
  readonly statements: readonly number[];
}

/** Some thousand values, where each is as small as it can be. */
const LONG_BYTES = 8 * 1024;

/** A document as a value and as the bytes that are stored for it. */
export class DocumentContent {
  readonly ion: Uint8Array;
  /** A value takes many times the memory of its bytes: of a transaction that waits for its client only these are kept. */
  readonly #value: WeakRef<dom.Value> | undefined;
  #hash: Hash | undefined;

  /**
   * @param ion - the value as self-contained Ion binary
   * @param value - the value, where it is decoded
   * @param hash - its Ion hash, where it is known
   */
  constructor(ion: Uint8Array, value?: dom.Value, hash?: Hash) {
    this.ion = ion;
    this.#value = value && new WeakRef(value);
    this.#hash = hash;
  }

  static of(value: IonNode, hash?: Hash): DocumentContent {
    return isDecoded(value)
      ? new DocumentContent(encodeIon(value), value, hash)
      : new DocumentContent(encodeNode(value), undefined, hash);
  }

  /** True if encoding, decoding or hashing it takes more than some milliseconds. */
  get isLong(): boolean {
    return this.ion.length > LONG_BYTES;
  }

  /** The document's Ion hash. */
  get hash(): Hash {
    this.#hash ??= hashIon(this.ion);
    return this.#hash;
  }

  /** Computes the hash in turns with others, so that it is there when it is asked for. */
  async prepareHash(): Promise<void> {
    this.#hash ??= await inTurns(hashInSteps(readSingleValue(this.ion), HASHED_PER_TURN));
  }

  /** The document as it is at hand. */
  get node(): Undecoded {
    return this.#value?.deref() ?? readSingleValue(this.ion);
  }

  /** The value at a path: decodes no more than is needed. */
  at(path: readonly PathKey[]): dom.Value | undefined {
    return valueAt(this.node, path);
  }
}
