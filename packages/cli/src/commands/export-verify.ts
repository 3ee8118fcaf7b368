// SPDX-License-Identifier: MIT
import {
  type SequenceRange,
  type SuppliedProof,
  type VerificationReport,
  verifyExport,
} from "@ledger-loader/export";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { nextAfterExport } from "../output/verification-next";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import { BLOCKS_OPTION, MANIFEST_ARGUMENT } from "../options/export-options";
import { withExport } from "../options/with-export";
import { readNamedFile } from "../files";
import { readSuppliedProof } from "../ledger/supplied-proof";
import { VERIFICATION_EXITS, verificationResult } from "../output/verification-result";

interface Options {
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
      command: "ledger-loader export verify may/*.completed.manifest june/*.completed.manifest",
      what: "consecutive exports",
    },
  ],
  exits: VERIFICATION_EXITS,
  async run(context, [manifests], options) {
    const started = Date.now();
    const report = await verify(context, manifests, options);
    const elapsedMs = Date.now() - started;
    const subject = { elapsedMs, anchors: "What you supplied", next: nextAfterExport(report, manifests) };
    return verificationResult(report, subject, context.style);
  },
});

async function verify(
  context: CommandContext,
  manifests: readonly string[],
  options: Options,
): Promise<VerificationReport> {
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
  return withExport(context.terminal.env, manifests, async (journal) => {
    const progress = context.progress("verifying", "bytes");
    try {
      const { blocks } = options;
      return await verifyExport(blocks === undefined ? journal : journal.within(blocks), {
        digest,
        proofs,
        onProgress: ({ bytes, totalBytes }) => {
          progress.update(bytes, totalBytes);
        },
      });
    } finally {
      progress.finish();
    }
  });
}
