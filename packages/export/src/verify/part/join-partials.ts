// SPDX-License-Identifier: MIT
import type { VerificationReport } from "../verification-report";
import type { Anchors } from "../anchor-check";
import { fromJsonAnchors } from "../anchor-json";
import { joinParts } from "./join-parts";
import { PartialError } from "./partial-error";
import type { PartialVerification } from "./partial-verification";

/** A partial verification and the file that it is from. */
export interface NamedPartial {
  readonly place: string;
  readonly partial: PartialVerification;
}

/**
 * Joins the partial verifications of all data objects of one export, given in any order. The report is the one that
 * verifying the export in one pass gives, with the time of the first part.
 *
 * @throws PartialError if one is missing, overlaps another, or is of another export
 */
export function joinPartials(partials: readonly NamedPartial[]): VerificationReport {
  const [first] = partials;
  if (first === undefined) throw new PartialError("Expected the files that --partial wrote, found none.");
  for (const other of partials) requireSame(first, other);
  const ordered = [...partials].sort(
    ({ partial: { part: a } }, { partial: { part: b } }) =>
      a.objects.from - b.objects.from || a.objects.to - b.objects.to,
  );
  requireWhole(ordered);
  const { anchors, ...described } = first.partial.export;
  const checkedAt = partials.map(({ partial }) => partial.export.checkedAt).sort()[0] ?? described.checkedAt;
  const source = { ...described, checkedAt, anchors: fromJsonAnchors(anchors) };
  const parts = ordered.map(({ partial }) => partial.part);
  // A part without objects is at no place of the journal.
  return joinParts(
    source,
    parts.filter(({ objects }) => objects.to > objects.from),
  );
}

/** The digests and proofs that the parts of one export were verified with. */
export function anchorsOfPartials([first]: readonly NamedPartial[]): Anchors {
  return fromJsonAnchors(first?.partial.export.anchors ?? { digests: [], proofs: [] });
}

/** The properties in which two parts of one export may not differ, and the remedy. */
const SAME = [
  [
    "the same export",
    ({ strandId, manifests, objects }: PartialVerification["export"]) => [
      strandId,
      objects,
      manifests.map(({ sha256 }) => sha256),
    ],
    "The manifests differ: join the parts of each export by themselves.",
  ],
  [
    "the same digests and proofs",
    ({ anchors }: PartialVerification["export"]) => anchors,
    "Verify each part with the same --digest and --proof.",
  ],
  [
    "the same options",
    ({ maxFindings }: PartialVerification["export"]) => maxFindings,
    "Verify each part with the same options.",
  ],
] as const;

function requireSame(first: NamedPartial, other: NamedPartial): void {
  for (const [what, of, fix] of SAME) {
    if (JSON.stringify(of(first.partial.export)) === JSON.stringify(of(other.partial.export))) continue;
    throw new PartialError(
      `Expected partial verifications of ${what}, found others in ${first.place} and ${other.place}. ${fix}`,
    );
  }
}

function requireWhole(ordered: readonly NamedPartial[]): void {
  let previous: NamedPartial | undefined;
  let next = 0;
  const total = ordered[0]?.partial.export.objects ?? 0;
  for (const current of ordered) {
    const { from, to } = current.partial.part.objects;
    if (from > next) throw gap(next, from, total, { before: previous, after: current });
    if (from < next && to > from) throw overlap(previous, current);
    next = Math.max(next, to);
    previous = current;
  }
  if (next < total) throw gap(next, total, total, { before: previous, after: undefined });
  if (next > total) throw new PartialError(`Expected ${total} data objects, found parts of ${next}.`);
}

function gap(
  from: number,
  to: number,
  total: number,
  { before, after }: { readonly before: NamedPartial | undefined; readonly after: NamedPartial | undefined },
): PartialError {
  const first = before === undefined ? 0 : before.partial.blocks.last + 1;
  const last = after === undefined ? "" : `${after.partial.blocks.first - 1}`;
  const objects = to - from === 1 ? `data object ${from + 1}` : `data objects ${from + 1} to ${to}`;
  return new PartialError(
    `Expected parts of all ${total} data objects, found none of ${objects}. ` +
      `Verify the missing part with --blocks ${first}-${last} --partial FILE, and join that file too.`,
  );
}

function overlap(previous: NamedPartial | undefined, current: NamedPartial): PartialError {
  return new PartialError(
    `Expected parts that do not overlap, found ${describe(previous)} and ${describe(current)}. ` +
      "Leave one of them out, or cut the export into ranges that follow one another.",
  );
}

function describe(named: NamedPartial | undefined): string {
  if (named === undefined) return "none";
  const { first, last } = named.partial.blocks;
  return `${named.place} (blocks ${first} to ${last === Number.MAX_SAFE_INTEGER ? "the end" : last})`;
}
