// SPDX-License-Identifier: MIT

/**
 * The answer of a verification.
 *
 * - `passed`: everything that was asked for was checked and matches.
 * - `failed`: evidence of alteration or loss. A hash, link, sequence, count or supplied digest contradicts the content.
 * - `not-comparable`: no answer. The input does not belong together or cannot be read.
 * - `incomplete`: nothing contradicts, but a part could not be checked.
 */
export type Verdict = "passed" | "failed" | "not-comparable" | "incomplete";

/**
 * How far a verification reaches, best first.
 *
 * - `anchored`: all hashes match, and a digest or proof from outside matches. The report gives the blocks that it covers.
 * - `consistent`: all hashes match. An attacker who can write all files can also recompute all hashes.
 * - `linked`: the chain of blocks matches. Some content is not tied to a hash.
 */
export type Assurance = "anchored" | "consistent" | "linked";

/**
 * The verdicts by their weight. Evidence comes first, and input that does not belong together before what is only missing:
 * the rest of a report helps no one who compared the wrong files.
 */
const BY_WEIGHT: readonly Verdict[] = ["failed", "not-comparable", "incomplete", "passed"];

/** The verdict of the heaviest of several: `failed`, then `not-comparable`, then `incomplete`. `passed` for none. */
export function heaviestVerdict(verdicts: readonly Verdict[]): Verdict {
  return BY_WEIGHT.find((verdict) => verdicts.includes(verdict)) ?? "passed";
}
