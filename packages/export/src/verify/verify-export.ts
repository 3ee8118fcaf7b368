// SPDX-License-Identifier: MIT
import type { JournalExport } from "../read/journal-export";
import { joinParts } from "./part/join-parts";
import { describeParted } from "./part/parted-export";
import { wholeRun } from "./part/part-cut";
import { PartVerifier } from "./part/part-verifier";
import type { VerificationReport } from "./verification-report";
import type { VerifyExportOptions } from "./verify-options";

/**
 * Recomputes every hash of an export that can be recomputed, compares all values that it holds twice, and checks it
 * against a digest or proofs. Streams: memory grows with the number of data objects, and not with their size.
 *
 * Damage, missing objects and foreign formats are in the report's findings and verdict, and are not thrown. Errors of
 * the storage are thrown.
 *
 * A digest can be checked if the export holds every block from 0 to the digest's tip. Otherwise the digest is
 * unchecked and the verdict `incomplete`. A digest of another strand is `not-comparable`.
 */
export async function verifyExport(
  source: JournalExport,
  options: VerifyExportOptions = {},
): Promise<VerificationReport> {
  const parted = describeParted(source, options);
  const part = await new PartVerifier(source, options, wholeRun(source)).run();
  return joinParts(parted, [part], options.continues);
}
