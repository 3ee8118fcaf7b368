// SPDX-License-Identifier: MIT
import { dot } from "./dot";
import { type Hash, hashIonString } from "@ledger-loader/ion";

/**
 * The digest of an executed statement: the hash of its text, folded with the hash of each parameter in order.
 *
 * @param parameterHashes - {@link hashIon} of each parameter; a list is one parameter, hashed as a list.
 */
export function statementDigest(statement: string, parameterHashes: readonly Hash[] = []): Hash {
  return parameterHashes.reduce(dot, hashIonString(statement));
}

/**
 * The digest with which client and server make sure, at commit, that they mean the same transaction.
 *
 * It starts from the transaction's id and grows with each executed statement. It is not part of the journal.
 */
export class CommitDigest {
  #hash: Hash;

  constructor(transactionId: string) {
    this.#hash = hashIonString(transactionId);
  }

  /** Folds in an executed statement's digest. */
  add(statementDigest: Hash): void {
    this.#hash = dot(this.#hash, statementDigest);
  }

  get hash(): Hash {
    return this.#hash;
  }
}
