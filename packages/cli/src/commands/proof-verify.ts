// SPDX-License-Identifier: MIT
import { heaviestVerdict, verifyReceipts } from "@ledger-loader/journal";
import { FileError, UsageError } from "../cli-errors";
import { type ReceiptFile, readReceiptFile } from "../ledger/receipt-file";
import { command, type AnyCommandBody } from "../options/command-spec";
import { exitCodeOf } from "../output/exit-code";
import { type ProofReport, proofDocument, proofText } from "../output/proof-text";
import { VERIFICATION_EXITS } from "../output/verification-result";

interface Options {
  readonly digest?: readonly string[];
}

/** `proof verify FILE...` */
export const proofVerify: AnyCommandBody = command<readonly [files: readonly string[]], Options>({
  description:
    "Follows the proof of each block or revision to the digest. Files hold answers of GetBlock, GetRevision or " +
    "GetDigest in any form of `aws qldb`, receipts with RevisionHash, Proof and LedgerDigest, or blocks, " +
    "revisions and proofs as Ion.\n\nThe verdicts are those of `export verify`. Take the digest from another " +
    "place than the proof, which is as trustworthy as its digest.",
  arguments: ["saved answers, receipts and digests, in any order"],
  options: [
    {
      flags: "--digest <file>",
      description: "a digest that you trust, in place of the digests in the files",
      repeatable: true,
    },
  ],
  examples: [
    {
      command: "ledger-loader proof verify revision.json digest.json",
      what: "the answer of GetRevision, and that of GetDigest",
    },
    {
      command: "ledger-loader proof verify receipts/*.json --digest digest.json",
      what: "many receipts against one digest",
    },
  ],
  exits: VERIFICATION_EXITS,
  async run(context, [paths], options) {
    const files = await readFiles(paths, options.digest ?? []);
    const report = verify(files);
    return {
      exitCode: exitCodeOf(report.verdict),
      document: proofDocument(report),
      text: proofText(report, context.style),
    };
  },
});

/** With trusted digests, the digests that the other files hold are left out. */
async function readFiles(paths: readonly string[], digests: readonly string[]): Promise<ReceiptFile[]> {
  const files = await Promise.all(paths.map(readReceiptFile));
  if (digests.length === 0) return files;
  const trusted = await Promise.all(digests.map(readReceiptFile));
  return [
    ...files.map((file) => ({ ...file, receipt: { ...file.receipt, digests: [] } })),
    ...trusted.map((file) => ({ ...file, receipt: { ...file.receipt, subjects: [], proofs: [] } })),
  ];
}

function verify(files: readonly ReceiptFile[]): ProofReport {
  const checkedAt = new Date().toISOString();
  requirePart(
    files,
    "proofs",
    "a proof: the answer of GetBlock or GetRevision that was asked for with DigestTipAddress",
  );
  requirePart(files, "digests", "a digest: the answer of GetDigest, as one of the files or as --digest");
  requirePart(files, "subjects", "what the proof is for: a block, a revision, or the hash of one");
  const { proofs, unproven, unmatched } = verifyReceipts(files.map(({ receipt }) => receipt));
  const [alone] = unmatched;
  if (alone !== undefined) throw withoutSubject(files[alone]?.path ?? "");
  const verdicts = proofs.map(({ verdict }) => verdict);
  return {
    verdict: heaviestVerdict(unproven.length > 0 ? [...verdicts, "incomplete"] : verdicts),
    checkedAt,
    files,
    proofs,
    unproven: unproven.map((index) => files[index]?.path ?? ""),
  };
}

function requirePart(files: readonly ReceiptFile[], part: keyof ReceiptFile["receipt"], what: string): void {
  if (files.some(({ receipt }) => receipt[part].length > 0)) return;
  throw new UsageError(`expected ${what}; found none in ${files.map(({ path }) => path).join(", ")}`);
}

function withoutSubject(path: string): FileError {
  return new FileError(
    path,
    `expected the block or revision of the proof in ${path}, in the same file or in one without a proof; found none: add its file`,
  );
}
