// SPDX-License-Identifier: MIT
import type { Certificate } from "../certificate";
import { type Html, html } from "./html";
import { code, factList } from "./page-table";

/** The tool, the time, the hash and the signature of the certificate, and how to check it. */
export function aboutSection({ report, sha256, signature }: Certificate): Html {
  const { tool, issuedAt, comparison } = report;
  const ledger = comparison === undefined ? "" : ` --ledger ${comparison.ledgerName} --data FOLDER`;
  return html`<h2>This certificate</h2>
    ${factList([
      ["Made by", `${tool.name} ${tool.version}`],
      ["Made at", issuedAt],
      ["SHA-256 of the report", code(sha256)],
      ["Signature (Ed25519)", code(signature?.value) ?? "none"],
      ["Public key", code(signature?.publicKey)],
    ])}
    <p>
      The JSON file with the same name holds the same report. The hash and the signature cover that report in
      its canonical form: names sorted, no blanks (RFC 8785). Check it later, against the export and the
      ledger:
    </p>
    <pre>
${tool.name} certificate verify FILE.json --export MANIFEST${ledger}${signature === undefined ? "" : " --public-key FILE.pem"}</pre>`;
}
