// SPDX-License-Identifier: MIT
import { hashesEqual } from "@ledger-loader/ion";
import type { Finding, Verdict } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { Facts } from "../parts/facts";
import { HashText } from "../parts/hash-text";
import { ProofDrawing } from "./proof-drawing";
import type { PageVerification } from "./verify-in-page";

/** The verdict on a block or revision, with the reasons and a drawing of the path. */
export function VerificationReport({ found }: { readonly found: PageVerification }): JSX.Element {
  const { verdict, reason, findings, digest, isAnchored, startHash, statedHash } = found;
  return (
    <div class="report">
      <p class={`verdict ${verdict}`} data-verdict={verdict}>
        <strong>{VERDICTS[verdict]}</strong>{" "}
        {verdict === "passed" ? (isAnchored ? ANCHORED : CONSISTENT) : null}
      </p>
      {reason === undefined ? null : <p>The proof does not hold: {reason}.</p>}
      <Findings findings={findings} />
      <Facts
        facts={[
          ...found.parts.map(({ name, hash }) => [`Hash of the ${name}`, <HashText hash={hash} />] as const),
          [`Recomputed hash of the ${found.kind}`, <HashText hash={startHash} />],
          ...(hashesEqual(startHash, statedHash)
            ? []
            : [["Hash in the journal", <HashText hash={statedHash} />] as const]),
          [`Digest of blocks 0 to ${digest.tipAddress.sequenceNo}`, <HashText hash={digest.hash} />],
          ["Hashes on the path", `${found.steps.length}, in ${found.elapsedMs.toFixed(1)} ms`],
        ]}
      />
      <ProofDrawing found={found} />
    </div>
  );
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  passed: "Passed.",
  failed: "Failed: the content, its block or the proof was changed.",
  incomplete: "Incomplete: nothing contradicts, but not all of the content could be checked.",
  "not-comparable": "Not comparable: digest and content do not belong together.",
};

const ANCHORED = "The content is what it was when you saved the digest.";
const CONSISTENT =
  "The content belongs to the server's journal as it is now. Only a digest that you saved earlier shows that the whole journal was not rewritten.";

function Findings({ findings }: { readonly findings: readonly Finding[] }): JSX.Element | null {
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.map(({ rule, message, field, expected, found }, at) => (
        <li key={at}>
          <strong>{rule}</strong> {message} <code>{field}</code>
          {expected === undefined ? null : (
            <div class="quiet">
              expected <code>{expected}</code>
            </div>
          )}
          {found === undefined ? null : (
            <div class="quiet">
              found <code>{found}</code>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
