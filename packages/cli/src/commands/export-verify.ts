// SPDX-License-Identifier: MIT
import {
  type SequenceRange,
  type SuppliedProof,
  type VerificationReport,
  verifyExport,
} from "@ledger-loader/export";
import type { Digest } from "@ledger-loader/journal";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { nextAfterExport } from "../output/verification-next";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import { BLOCKS_OPTION, MANIFEST_ARGUMENT } from "../options/export-options";
import { withExport } from "../options/with-export";
import { readNamedFile } from "../files";
import { readSuppliedProof } from "../ledger/supplied-proof";
import { REPORT_OPTIONS, ReportFile, type ReportOptions } from "../output/report-file";
import { VERIFICATION_EXITS, verificationResult } from "../output/verification-result";

interface Options extends ReportOptions {
  readonly blocks?: Partial<SequenceRange>;
  readonly digest?: string;
  readonly proof?: readonly string[];
}

/** `export verify MANIFEST...` */
export const exportVerify: AnyCommandSpec = command<readonly [manifests: readonly string[]], Options>({
  path: ["export", "verify"],
  summary: "Recomputes every hash of a journal export",
  description:
    "Recomputes revisions, entries, block hashes and the chain from the documents themselves, compares manifests with " +
    "content, and compares the export with the digest and proofs that you supply.\n\n" +
    "The verdict is `passed`, `failed` (evidence of alteration or loss), `incomplete` (a part could not be checked) or " +
    "`not-comparable` (the input does not belong together or cannot be read). The assurance says how far it reaches: " +
    "`anchored` (a digest or proof matches), `consistent` (all hashes match) or `linked` (only the chain matches). " +
    "An attacker who can write all files can recompute all hashes: keep a digest elsewhere.",
  arguments: [MANIFEST_ARGUMENT],
  options: [
    {
      flags: "--digest <file>",
      description:
        "the digest that you trust, as `aws qldb get-digest` printed it (JSON, text, table, YAML) or the console saved it",
    },
    {
      flags: "--proof <file>",
      description:
        "an answer of GetBlock or GetRevision with its Proof, asked for with the digest of --digest; in any form that " +
        "`aws qldb` prints (JSON, text, table, YAML)",
      repeatable: true,
    },
    {
      ...BLOCKS_OPTION,
      description: `only the data objects with these blocks: N-M, N- or N, both ends included; default: all`,
    },
    ...REPORT_OPTIONS,
  ],
  examples: [
    {
      command: "ledger-loader export verify ./export",
      what: "a folder with one manifest in it, or those of consecutive exports",
    },
    {
      command: "ledger-loader export verify ./export --digest digest.json",
      what: "against a digest that was kept",
    },
    {
      command: "ledger-loader export verify ./export --digest digest.json --report certificate.html",
      what: "with a certificate to file",
    },
    {
      command: "ledger-loader export verify may/*.completed.manifest june/*.completed.manifest",
      what: "consecutive exports",
    },
  ],
  exits: VERIFICATION_EXITS,
  async run(context, [manifests], options) {
    const started = Date.now();
    const file = await ReportFile.prepare(options);
    const anchors = await readAnchors(options);
    const report = await verify(context, manifests, options, anchors);
    const elapsedMs = Date.now() - started;
    const subject = { elapsedMs, anchors: "What you supplied", next: nextAfterExport(report, manifests) };
    const result = verificationResult(report, subject, context.style);
    if (file === undefined) return result;
    if (file.isCertificate) await file.writeCertificate({ verification: report, ...anchors });
    else await file.writeDocument(result.document);
    return { ...result, text: `${result.text}\n\n${file.line}` };
  },
});

/** What an export is verified against. */
interface SuppliedAnchors {
  readonly digests: readonly Digest[];
  readonly proofs: readonly SuppliedProof[];
}

async function readAnchors(options: Options): Promise<SuppliedAnchors> {
  const digest = await readSuppliedDigest(options.digest);
  const proofs: SuppliedProof[] = [];
  for (const path of options.proof ?? []) {
    if (digest === undefined) {
      throw new UsageError(
        "expected --digest beside --proof: a proof leads to the digest that it was asked for",
      );
    }
    proofs.push(readSuppliedProof(await readNamedFile(path, "a proof"), path, [digest]));
  }
  return { digests: digest === undefined ? [] : [digest], proofs };
}

async function verify(
  context: CommandContext,
  manifests: readonly string[],
  { blocks }: Options,
  anchors: SuppliedAnchors,
): Promise<VerificationReport> {
  return withExport(context.terminal.env, manifests, async (journal) => {
    const progress = context.progress("verifying", "bytes");
    try {
      return await verifyExport(blocks === undefined ? journal : journal.within(blocks), {
        ...anchors,
        onProgress: ({ bytes, totalBytes }) => {
          progress.update(bytes, totalBytes);
        },
      });
    } finally {
      progress.finish();
    }
  });
}
