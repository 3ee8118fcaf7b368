// SPDX-License-Identifier: MIT
import type { Proof } from "./proof";
import type { Receipt, ReceiptDigest, ReceiptSubject } from "./receipt";
import { type ClaimVerification, type ProofClaim, followProof, verifyClaim } from "./verify-claim";

/** The result of one proof, and which of the receipts holds it, counted from 0. */
export interface ReceiptVerification extends ClaimVerification {
  readonly receipt: number;
}

/** The result of verifying several receipts. */
export interface ReceiptsVerification {
  /** One for each proof. */
  readonly proofs: readonly ReceiptVerification[];
  /** Receipts, counted from 0, with a block, revision or hash that no proof was for. */
  readonly unproven: readonly number[];
  /** Receipts, counted from 0, with a proof for which there is no digest, or no block, revision or hash. */
  readonly unmatched: readonly number[];
}

/**
 * Verifies every proof of several receipts. What a receipt lacks is taken from the others: the digest, or the block or revision
 * where these lie in files of their own. Of several, the one to which the proof leads is taken.
 */
export function verifyReceipts(receipts: readonly Receipt[]): ReceiptsVerification {
  const shared = new SharedParts(receipts);
  const used = new Set<ReceiptSubject>();
  const proofs = receipts.flatMap((receipt, index) =>
    receipt.proofs.flatMap((proof): ReceiptVerification[] => {
      const { subjects, digests } = shared.of(receipt);
      const best = findBest(subjects, proof, digests);
      if (best === undefined) return [];
      used.add(best.subject);
      return [{ ...verifyClaim(best.claim), receipt: index }];
    }),
  );
  const verified = new Set(proofs.map(({ receipt }) => receipt));
  const unmatched = receipts.flatMap((receipt, index) =>
    receipt.proofs.length === 0 || verified.has(index) ? [] : [index],
  );
  const unproven = receipts.flatMap(({ subjects }, index) =>
    subjects.every((subject) => used.has(subject)) ? [] : [index],
  );
  return { proofs, unproven, unmatched };
}

/** The parts that receipts hold for each other. */
class SharedParts {
  readonly #subjects: readonly ReceiptSubject[];
  readonly #digests: readonly ReceiptDigest[];

  constructor(receipts: readonly Receipt[]) {
    this.#subjects = receipts.filter(({ proofs }) => proofs.length === 0).flatMap(({ subjects }) => subjects);
    this.#digests = receipts.flatMap(({ digests }) => digests);
  }

  /** A receipt's own parts, or those of the others that it lacks. */
  of({ subjects, digests }: Receipt): Pick<Receipt, "subjects" | "digests"> {
    return {
      subjects: subjects.length > 0 ? subjects : this.#subjects,
      digests: digests.length > 0 ? digests : this.#digests,
    };
  }
}

/** A subject of a receipt, and the proof that may begin at it. */
interface Candidate {
  readonly subject: ReceiptSubject;
  readonly claim: ProofClaim;
}

function findBest(
  subjects: readonly ReceiptSubject[],
  proof: Proof,
  digests: readonly ReceiptDigest[],
): Candidate | undefined {
  const candidates = subjects.flatMap((subject) =>
    startsOf(subject).flatMap((start) =>
      digests.map((digest): Candidate => ({ subject, claim: { subject: start, proof, digest } })),
    ),
  );
  const verdicts = candidates.map(({ claim }) => followProof(claim).verdict);
  // A digest of the same strand tells more than one that cannot be compared.
  for (const verdict of ["passed", "failed"] as const) {
    const found = candidates[verdicts.indexOf(verdict)];
    if (found !== undefined) return found;
  }
  return candidates[0];
}

/** A proof may begin at a block or at one of its revisions. */
function startsOf(subject: ReceiptSubject): ReceiptSubject[] {
  if (subject.kind !== "block") return [subject];
  const { block } = subject;
  const revisions = (block.revisions ?? []).map((revision): ReceiptSubject => ({
    kind: "revision",
    revision,
    block,
  }));
  return [subject, ...revisions];
}
