// SPDX-License-Identifier: MIT
import type { AnchorResult, ExportFinding } from "@ledger-loader/export";
import type { CertificateReport } from "../certificate";
import { count } from "./counted";
import { type Html, html } from "./html";
import { code, pageTable } from "./page-table";

const ANCHOR_NAMES: Readonly<Record<AnchorResult["kind"], string>> = {
  digest: "digest",
  "block-proof": "proof of a block",
  "revision-proof": "proof of a revision",
};

/** The digests and proofs that were supplied, with what became of them. */
export function anchorSection({ verification, anchors: supplied }: CertificateReport): Html {
  const { anchors } = verification;
  if (anchors.length === 0)
    return html`<h2>Digests and proofs</h2>
      <p>None was supplied.</p>`;
  const hashOf = ({ kind, blockAddress: { strandId, sequenceNo } }: AnchorResult): string | undefined =>
    kind === "digest"
      ? supplied.digests.find(
          ({ tipAddress: tip }) => tip.strandId === strandId && tip.sequenceNo === sequenceNo,
        )?.hash
      : undefined;
  const rows = anchors.map((anchor) => [
    ANCHOR_NAMES[anchor.kind],
    count(anchor.blockAddress.sequenceNo),
    html`<span class="status-${anchor.status}">${anchor.status}</span
      >${anchor.reason === undefined ? "" : `: ${anchor.reason}`}`,
    hashOf(anchor) ?? anchor.documentId,
  ]);
  return html`<h2>Digests and proofs</h2>
    ${pageTable(
      [
        { heading: "Supplied" },
        { heading: "Block", kind: "number" },
        { heading: "Result", kind: "name" },
        { heading: "Hash or document", kind: "hash" },
      ],
      rows,
    )}`;
}

/** The revisions of each table. */
export function tableSection({ verification }: CertificateReport): Html | undefined {
  const { tables } = verification;
  if (tables.length === 0) return undefined;
  return html`<h2>Tables of the export</h2>
    ${pageTable(
      [{ heading: "Table", kind: "name" }, { heading: "Table id" }, { heading: "Revisions", kind: "number" }],
      tables.map(({ tableName, tableId, revisions }) => [tableName, code(tableId), count(revisions)]),
    )}`;
}

/** The first findings, and how many there are of each rule. */
export function findingSection({ verification }: CertificateReport): Html {
  const { findings, findingCounts } = verification;
  const total = Object.values(findingCounts).reduce((sum, n) => sum + n, 0);
  if (total === 0)
    return html`<h2>Findings</h2>
      <p>None.</p>`;
  const rules = Object.entries(findingCounts).map(([rule, n]) => `${rule} ${count(n)}`);
  const more =
    total > findings.length
      ? html`<p>The first ${count(findings.length)} of ${count(total)} are listed.</p>`
      : "";
  return html`<h2>Findings</h2>
    <p>${rules.join(", ")}</p>
    ${more}
    ${pageTable(
      [
        { heading: "Weight", kind: "word" },
        { heading: "Finding", kind: "name" },
        { heading: "Place", kind: "name" },
      ],
      findings.map((finding) => [
        html`<span class="status-${finding.severity}">${finding.severity}</span>`,
        findingText(finding),
        placeOf(finding),
      ]),
    )}`;
}

function findingText({ rule, message, expected, found }: ExportFinding): Html {
  return html`${rule}:
  ${message}${expected === undefined ? "" : html`<br />expected ${code(expected)}`}${
    found === undefined ? "" : html`<br />found ${code(found)}`
  }`;
}

function placeOf({ blockAddress, documentId, version, field, key }: ExportFinding): string {
  const places = [
    blockAddress && `block ${blockAddress.sequenceNo}`,
    documentId === undefined ? undefined : `document ${documentId}`,
    version === undefined ? undefined : `version ${version}`,
    field,
    key,
  ];
  return places.filter((place) => place !== undefined && place !== "").join(", ");
}

/** The section of fields that no hash covers. */
export function uncoveredSection({ verification }: CertificateReport): Html | undefined {
  const { uncoveredFields } = verification;
  if (uncoveredFields.length === 0) return undefined;
  const fields = uncoveredFields.map(
    ({ field, when, reason }) => html`<li><code>${field}</code> ${when}. ${reason}</li>`,
  );
  return html`<h2>Fields that no hash covers</h2>
    <p>These fields are as trustworthy as the files themselves.</p>
    <ul>
      ${fields}
    </ul>`;
}

/** All input files with their hashes. */
export function fileSection({ verification }: CertificateReport): Html {
  const { manifests, dataObjects, objects } = verification;
  const missing = objects - dataObjects.length;
  return html`<h2>Input files</h2>
    ${missing > 0 ? html`<p>${count(missing)} of ${count(objects)} data objects are missing.</p>` : ""}
    ${pageTable(
      [
        { heading: "File", kind: "name" },
        { heading: "Bytes", kind: "number" },
        { heading: "SHA-256", kind: "hash" },
      ],
      [
        ...manifests.map(({ location, bytes, sha256 }) => [location, count(bytes), sha256]),
        ...dataObjects.map(({ key, bytes, sha256 }) => [key, count(bytes), sha256]),
      ],
    )}`;
}
