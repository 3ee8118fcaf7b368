// SPDX-License-Identifier: MIT
import type { VerificationReport } from "@ledger-loader/export";
import { count } from "./counted";
import { type Html, html } from "./html";

/** Marks of findings that are drawn; the list has the others. */
const MARKS_MAX = 50;

/** The left and right margin, in percent of the width: for what lies before and after the export. */
const MARGIN = 6;

const LEGEND = [
  ["anchored", "covered by a digest or proof from outside"],
  ["blocks", "hashes and chain only"],
  ["failed", "a failed check"],
  ["anchor", "tip of a digest, block of a proof"],
] as const;

/**
 * The blocks as a bar from the first to the last, the anchored range filled, anchors and failed blocks marked.
 *
 * Lengths along the bar are in percent and text has a fixed size, so that the picture can be read at every width.
 */
export function chainPicture(report: VerificationReport): Html {
  const { range, anchoredThrough } = report;
  if (range === undefined) return html`<p>No block could be read.</p>`;
  const at = scale(range.first, range.last);
  const anchored =
    anchoredThrough === undefined
      ? undefined
      : html`<rect
          class="anchored"
          x="${MARGIN}%"
          y="34"
          width="${at(anchoredThrough + 1) - MARGIN}%"
          height="24"
        />`;
  return html`<svg class="chain" width="100%" height="92" role="img" aria-label="${describe(report)}">
      ${report.startsMidJournal ? html`<line class="outside" x1="0" x2="${MARGIN}%" y1="46" y2="46" />` : undefined}
      <line class="outside" x1="${100 - MARGIN}%" x2="100%" y1="46" y2="46" />
      <rect class="blocks" x="${MARGIN}%" y="34" width="${100 - 2 * MARGIN}%" height="24" />
      ${anchored} ${reachLabel(anchoredThrough, at)} ${failedMarks(report, at)} ${anchorMarks(report, at)}
      <text x="${MARGIN}%" y="80">block ${count(range.first)}</text>
      <text x="${100 - MARGIN}%" y="80" text-anchor="end">block ${count(range.last)}</text>
    </svg>
    <p class="legend">
      ${LEGEND.map(([key, what]) => html`<span><span class="key ${key}"></span>${what}</span>`)}
    </p>`;
}

/** The last covered block by its number, on the side of its mark that has room. */
function reachLabel(anchoredThrough: number | undefined, at: Scale): Html | undefined {
  if (anchoredThrough === undefined) return undefined;
  const x = at(anchoredThrough + 1);
  const [side, shift] = x > 50 ? ["end", -10] : ["start", 10];
  return html`<text x="${x}%" y="18" dx="${shift}" text-anchor="${side}">
    covered to block ${count(anchoredThrough)}
  </text>`;
}

/** The text for readers who do not see the picture. */
function describe({ range, anchoredThrough }: VerificationReport): string {
  const blocks = range === undefined ? "none" : `${range.first} to ${range.last}`;
  const covered = anchoredThrough === undefined ? "none" : `${range?.first ?? 0} to ${anchoredThrough}`;
  return `The chain of blocks ${blocks}. Covered by a digest or proof: ${covered}.`;
}

/** The place of a block's beginning, in percent. */
type Scale = (sequenceNo: number) => number;

function scale(first: number, last: number): Scale {
  const width = 100 - 2 * MARGIN;
  return (sequenceNo) => {
    const part = Math.min(1, Math.max(0, (sequenceNo - first) / (last + 1 - first)));
    return Math.round((MARGIN + width * part) * 1000) / 1000;
  };
}

function failedMarks({ findings }: VerificationReport, at: Scale): Html[] {
  const failed = findings.flatMap(({ severity, blockAddress }) =>
    severity === "failed" && blockAddress !== undefined ? blockAddress.sequenceNo : [],
  );
  return [...new Set(failed)]
    .slice(0, MARKS_MAX)
    .map((n) => html`<line class="failed" x1="${at(n + 0.5)}%" x2="${at(n + 0.5)}%" y1="28" y2="64" />`);
}

function anchorMarks({ anchors, strandId, range }: VerificationReport, at: Scale): Html[] {
  const inRange = (n: number): boolean => range !== undefined && n >= range.first && n <= range.last;
  return anchors
    .map(({ blockAddress }) => blockAddress)
    .filter((address) => address.strandId === strandId && inRange(address.sequenceNo))
    .map(({ sequenceNo }) => html`<circle class="anchor" cx="${at(sequenceNo + 1)}%" cy="20" r="6" />`);
}
