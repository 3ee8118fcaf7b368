// SPDX-License-Identifier: MIT
import type { SequenceRange } from "../../read/data-object-name";
import type { JournalExport } from "../../read/journal-export";
import { type JsonAnchors, toJsonAnchors } from "../anchor-json";
import type { VerifyExportOptions } from "../verify-options";

import { runOf } from "./part-cut";
import { PartVerifier } from "./part-verifier";
import { type PartedExport, describeParted } from "./parted-export";
import type { VerificationPart } from "./verification-part";

/** The name of the format, in every file. */
export const PARTIAL_FORMAT = "ledger-loader/partial-verification";

/** The version of the format. Readers refuse other versions. */
export const PARTIAL_VERSION = 1;

/** The verification of a range of an export's blocks, to be joined with those of the other ranges. Plain JSON. */
export interface PartialVerification {
  readonly format: typeof PARTIAL_FORMAT;
  readonly version: typeof PARTIAL_VERSION;
  /** The common fields of all partial verifications of one export, but for the time. */
  readonly export: Omit<PartedExport, "anchors"> & { readonly anchors: JsonAnchors };
  /** The range of blocks that was asked for. */
  readonly blocks: SequenceRange;
  readonly part: VerificationPart;
}

/** The options of {@link verifyPart}. */
export type VerifyPartOptions = Omit<VerifyExportOptions, "continues" | "onBlock">;

/**
 * Verifies the data objects that begin in a range of blocks, both ends included, by themselves.
 *
 * Ranges that follow one another cover every data object once, wherever they are cut. A range within one object covers none.
 * Every part of an export MUST get the same options. `joinPartials` gives the verdict of the whole.
 *
 * @param source - the whole export: the range selects its data objects
 */
export async function verifyPart(
  source: JournalExport,
  { first = 0, last = Number.MAX_SAFE_INTEGER }: Partial<SequenceRange>,
  options: VerifyPartOptions = {},
): Promise<PartialVerification> {
  const { anchors, ...described } = describeParted(source, options);
  const part = await new PartVerifier(source, options, runOf(source, { first, last })).run();
  return {
    format: PARTIAL_FORMAT,
    version: PARTIAL_VERSION,
    export: { ...described, anchors: toJsonAnchors(anchors) },
    blocks: { first, last },
    part,
  };
}
