// SPDX-License-Identifier: MIT
import type { FileHash, VerificationReport } from "@ledger-loader/export";
import { canonicalJson } from "./canonical-json";
import type { CertificateCheck } from "./check-certificate";
import type { CertificateReport } from "./certificate";

/** Files that are named in one check's sentence; all are counted. */
const NAMED_MAX = 5;

/** The parts of a verification that must come out again. Times and places of files may differ. */
const REPEATED = [
  ["verdict", "verdict"],
  ["assurance", "assurance"],
  ["ledgerName", "ledger name"],
  ["exportIds", "ids of the exports"],
  ["range", "first and last block"],
  ["blocks", "number of blocks"],
  ["period", "period"],
  ["journalDigest", "digest of the blocks"],
  ["revisions", "numbers of revisions"],
  ["tables", "tables"],
  ["anchors", "digests and proofs"],
  ["findingCounts", "findings"],
] as const satisfies readonly (readonly [keyof VerificationReport, string])[];

/**
 * Compares a certificate with a new verification of the export that it is about, against the same digests and proofs.
 *
 * A certificate that says `failed` and an export that fails in the same way agree.
 */
export function compareWithExport(
  { verification: certified }: CertificateReport,
  found: VerificationReport,
): CertificateCheck[] {
  if (certified.strandId !== found.strandId) {
    return [
      {
        what: "export",
        status: "not-comparable",
        detail: `The certificate is about strand ${certified.strandId ?? "none"}, the export is of strand ${found.strandId ?? "none"}.`,
      },
    ];
  }
  return [compareFiles(certified, found), ...compareResults(certified, found)];
}

function compareFiles(certified: VerificationReport, found: VerificationReport): CertificateCheck {
  const expected = hashesByName(certified);
  const actual = hashesByName(found);
  const names = [...new Set([...expected.keys(), ...actual.keys()])];
  const different = names.filter((name) => expected.get(name) !== actual.get(name));
  if (different.length === 0) {
    return {
      what: "export",
      status: "verified",
      detail: `All ${names.length} files have the SHA-256 that the certificate gives.`,
    };
  }
  const named = different.slice(0, NAMED_MAX).join(", ");
  const more = different.length > NAMED_MAX ? ` and ${different.length - NAMED_MAX} more` : "";
  return {
    what: "export",
    status: "failed",
    detail: `Files that are missing, added, or have another SHA-256 than certified: ${named}${more}.`,
  };
}

/** Manifests by the last part of their names: they may lie elsewhere now. Data objects by their keys. */
function hashesByName({ manifests, dataObjects }: VerificationReport): Map<string, string> {
  const last = ({ location }: FileHash): string => location.split(/[/\\]/).at(-1) ?? location;
  return new Map([
    ...manifests.map((file) => [last(file), file.sha256] as const),
    ...dataObjects.map(({ key, sha256 }) => [key, sha256] as const),
  ]);
}

function compareResults(certified: VerificationReport, found: VerificationReport): CertificateCheck[] {
  const different = REPEATED.filter(
    ([field]) => canonicalJson(certified[field] ?? null) !== canonicalJson(found[field] ?? null),
  );
  if (different.length > 0) {
    const names = different.map(([, name]) => name).join(", ");
    return [
      {
        what: "export",
        status: "failed",
        detail: `A new verification of the export gives another result than certified: ${names}.`,
      },
    ];
  }
  return [
    {
      what: "export",
      status: "verified",
      detail: `A new verification of the export gives the certified result: ${found.verdict}, ${found.blocks} blocks.`,
    },
  ];
}
