// SPDX-License-Identifier: MIT
import { HASH_LENGTH, type Hash, sha256OfPair } from "@ledger-loader/ion";

/**
 * Orders hashes as QLDB does: by SIGNED bytes, the LAST byte first. Negative if `a` comes first.
 *
 * Source: `Verifier.java` of AWS's amazon-qldb-dmv-sample-java; confirmed on published blocks and proofs. Any other
 * order passes some of them by chance, and fails them as a whole.
 */
export function compareHashes(a: Hash, b: Hash): number {
  for (let i = HASH_LENGTH - 1; i >= 0; i--) {
    // Shifting up and down again extends the sign of a byte.
    const difference = (((a[i] ?? 0) << 24) >> 24) - (((b[i] ?? 0) << 24) >> 24);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The hash of two hashes, the smaller by {@link compareHashes} first, so that their order does not matter.
 *
 * An empty hash leaves the other as it is: that is how AWS's verifier treats the block before the first one.
 */
export function dot(a: Hash, b: Hash): Hash {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return compareHashes(a, b) < 0 ? sha256OfPair(a, b) : sha256OfPair(b, a);
}
