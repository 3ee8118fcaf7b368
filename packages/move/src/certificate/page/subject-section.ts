// SPDX-License-Identifier: MIT
import type { RevisionCounts } from "@ledger-loader/export";
import type { Certificate } from "../certificate";
import { count } from "./counted";
import { type Html, html } from "./html";
import { code, factList } from "./page-table";

/** The ledger, the strand, the blocks and the period that the certificate is about. */
export function subjectSection({ report }: Certificate): Html {
  const { verification, comparison } = report;
  const { range, period, journalDigest, exportIds } = verification;
  return html`<h2>What was ${comparison === undefined ? "checked" : "compared"}</h2>
    ${factList([
      ["Ledger of the export", verification.ledgerName ?? "not named: the started manifest is missing"],
      ["Export", exportIds.join(", ")],
      ["Strand", code(verification.strandId)],
      ["Blocks", range && `${count(verification.blocks)} (${range.first} to ${range.last})`],
      ["Period", period && `${period.first} to ${period.last}`],
      ["Revisions", revisionsText(verification.revisions)],
      [
        "Digest of these blocks",
        journalDigest && [code(journalDigest.hash), ` at block ${range?.last ?? 0}`],
      ],
      ["Compared with ledger", comparison?.ledgerName],
      ["Its digest then", comparison?.ledgerDigest && ledgerDigest(comparison.ledgerDigest)],
      ["Assurance", report.assurance ?? "none"],
      ["Checked", verification.checkedAt],
    ])}`;
}

function ledgerDigest({ hash, tipAddress }: { hash: string; tipAddress: { sequenceNo: number } }): Html {
  return html`${code(hash)} at block ${tipAddress.sequenceNo}`;
}

function revisionsText(counts: Readonly<RevisionCounts>): string {
  const all = counts.data + counts.delete + counts.redacted + counts["hash-only"];
  const kinds = [
    `${count(counts.data)} with data`,
    counts.delete === 0 ? undefined : `${count(counts.delete)} of deletions`,
    counts.redacted === 0 ? undefined : `${count(counts.redacted)} redacted`,
    counts["hash-only"] === 0 ? undefined : `${count(counts["hash-only"])} of QLDB's own, hash only`,
  ].filter((kind) => kind !== undefined);
  return `${count(all)} (${kinds.join(", ")})`;
}
