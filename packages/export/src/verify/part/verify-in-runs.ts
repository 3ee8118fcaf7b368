// SPDX-License-Identifier: MIT
import type { JournalExport } from "../../read/journal-export";
import type { VerificationReport } from "../verification-report";
import type { VerifyPartOptions } from "./partial-verification";
import { joinParts } from "./join-parts";
import { evenRuns } from "./part-cut";
import { describeParted } from "./parted-export";
import { PartVerifier } from "./part-verifier";
import type { ObjectRun, VerificationPart } from "./verification-part";

/** Verifies one run of an export's data objects by itself. */
export async function verifyRun(
  source: JournalExport,
  run: ObjectRun,
  options: VerifyPartOptions,
): Promise<VerificationPart> {
  return new PartVerifier(source, options, run).run();
}

/**
 * Cuts an export into at most `runsMax` runs of data objects with about equal numbers of bytes.
 *
 * @param sizes - the bytes of each data object, as {@link objectSizes} gives them
 */
export function planRuns(source: JournalExport, sizes: readonly number[], runsMax: number): ObjectRun[] {
  return evenRuns(source, sizes, runsMax);
}

/** The bytes of each data object as it is stored; 0 for one that is missing. */
export async function objectSizes(source: JournalExport): Promise<number[]> {
  const sizes: number[] = [];
  for (const { key, storage } of source.objects) {
    const found = await storage.locate(key);
    sizes.push(found.found ? found.size : 0);
  }
  return sizes;
}

/**
 * Verifies an export run by run, wherever `verify` does that: on threads, on machines. The report is that of one pass.
 *
 * @param runs - of {@link planRuns}
 * @param verify - called for all runs at once; each call MUST verify its run with the same options
 */
export async function verifyInRuns(
  source: JournalExport,
  runs: readonly ObjectRun[],
  options: VerifyPartOptions,
  verify: (run: ObjectRun) => Promise<VerificationPart>,
): Promise<VerificationReport> {
  const parted = describeParted(source, options);
  return joinParts(parted, await Promise.all(runs.map(verify)));
}
