// SPDX-License-Identifier: MIT
import { Html, html } from "./html";
import type { Certificate } from "../certificate";
import { chainPicture } from "./chain-picture";
import { aboutSection } from "./about-section";
import { comparisonSection } from "./comparison-section";
import {
  anchorSection,
  fileSection,
  findingSection,
  tableSection,
  uncoveredSection,
} from "./export-sections";
import { PAGE_STYLE } from "./page-style";
import { VERDICT_WORDS, provenStatements, unprovenStatements, verdictMeaning } from "./proven-statements";
import { subjectSection } from "./subject-section";

/**
 * A certificate as one HTML page: no script, nothing from elsewhere, every text escaped.
 *
 * The same certificate gives the same page, so that a page can be checked against its JSON.
 */
export function certificatePage(certificate: Certificate): string {
  const { report } = certificate;
  const word = VERDICT_WORDS[report.verdict];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${word}: ${titleOf(certificate)}</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <h1 class="${report.verdict}"><strong>${word}</strong> ${titleOf(certificate)}</h1>
        <p>${verdictMeaning(report)}</p>
        ${subjectSection(certificate)}
        <h2>The chain</h2>
        ${chainPicture(report.verification)}
        <div class="two">
          <section>
            <h2>What this proves</h2>
            ${sentences(provenStatements(certificate))}
          </section>
          <section>
            <h2>What this does not prove</h2>
            ${sentences(unprovenStatements(certificate))}
          </section>
        </div>
        ${anchorSection(report)} ${comparisonSection(report)} ${tableSection(report)}
        ${findingSection(report)} ${uncoveredSection(report)} ${fileSection(report)}
        ${aboutSection(certificate)}
      </body>
    </html> `;
  return page.markup;
}

function titleOf({ report }: Certificate): string {
  const { verification, comparison } = report;
  const ledger = verification.ledgerName === undefined ? "" : ` of ledger ${verification.ledgerName}`;
  return comparison === undefined
    ? `Verification of a journal export${ledger}`
    : `Comparison of a journal export${ledger} with ledger ${comparison.ledgerName}`;
}

function sentences(statements: readonly string[]): Html {
  return html`<ul>
    ${statements.map((statement) => html`<li>${statement}</li>`)}
  </ul>`;
}
