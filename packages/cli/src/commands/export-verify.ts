// SPDX-License-Identifier: MIT
import { type Grade, type VerificationReport, openExport, verifyExport } from "@ledger-loader/export";
import { type Digest, parseDigest } from "@ledger-loader/journal";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { MANIFEST_ARGUMENT } from "../options/export-options";
import { readNamedFile } from "../files";
import { readSuppliedProof } from "../ledger/supplied-proof";
import { verificationText } from "../output/verification-text";

interface Options {
  readonly digest?: string;
  readonly proof?: readonly string[];
}

/** `export verify MANIFEST...` */
export const exportVerify: AnyCommandSpec = command<readonly [manifests: readonly string[]], Options>({
  path: ["export", "verify"],
  summary: "Recomputes every hash of a journal export",
  description:
    "Recomputes revisions, entries, block hashes and the chain from the documents themselves, compares manifests with " +
    "content, and grades what it saw: `anchored` reaches a digest or proof that you supply; `consistent` means that " +
    "everything recomputes; `linked` that something is not tied to a hash; `broken` that something does not hold. Without " +
    "a digest or a proof nothing is above `consistent`: whoever can write all the files can recompute all the hashes. " +
    "Fields that no hash covers are listed.",
  arguments: [MANIFEST_ARGUMENT],
  options: [
    {
      flags: "--digest <file>",
      description: "the digest that you trust, as `aws qldb get-digest` printed it or the console saved it",
    },
    {
      flags: "--proof <file>",
      description:
        "the answer of GetBlock or GetRevision with its Proof, asked for with the digest of --digest",
      repeatable: true,
    },
  ],
  examples: [
    { command: "ledger-loader export verify ./export", what: "a folder with one manifest in it" },
    {
      command: "ledger-loader export verify ./export --digest digest.json",
      what: "against a digest that was kept",
    },
    {
      command: "ledger-loader export verify may/*.completed.manifest june/*.completed.manifest",
      what: "consecutive exports",
    },
  ],
  exits: {
    holds: "the export is `consistent` or `anchored`, and every digest and proof was verified",
    doesNotHold: "it is `linked` or `broken`, or a digest or proof was not verified",
  },
  async run(context, [manifests], options) {
    const started = Date.now();
    const report = await verify(context, manifests, options);
    const ok = holds(report);
    const elapsedMs = Date.now() - started;
    return {
      exitCode: ok ? ExitCode.holds : ExitCode.doesNotHold,
      document: { holds: ok, ...report, elapsedMs },
      text: verificationText(
        report,
        { elapsedMs, anchors: "What you supplied", next: next(report, ok, manifests) },
        context.style,
      ),
    };
  },
});

async function verify(
  context: CommandContext,
  manifests: readonly string[],
  options: Options,
): Promise<VerificationReport> {
  const digest = await readDigest(options.digest);
  const proofs = [];
  for (const path of options.proof ?? []) {
    if (digest === undefined) {
      throw new UsageError(
        "expected --digest beside --proof: a proof leads to the digest that it was asked for",
      );
    }
    proofs.push(readSuppliedProof(await readNamedFile(path, "a proof"), path, [digest]));
  }
  const journal = await openExport(manifests);
  const progress = context.progress("verifying", "bytes");
  try {
    return await verifyExport(journal, {
      ...(digest === undefined ? {} : { digest }),
      proofs,
      onProgress: ({ bytes, totalBytes }) => {
        progress.update(bytes, totalBytes);
      },
    });
  } finally {
    progress.finish();
  }
}

async function readDigest(path: string | undefined): Promise<Digest | undefined> {
  return path === undefined ? undefined : parseDigest(await readNamedFile(path, "a digest"));
}

const HOLDING: readonly Grade[] = ["anchored", "consistent"];

function holds({ grade, anchors }: VerificationReport): boolean {
  return HOLDING.includes(grade) && anchors.every(({ status }) => status === "verified");
}

function next(report: VerificationReport, ok: boolean, manifests: readonly string[]): string {
  const replay = `ledger-loader export replay ${manifests.join(" ")} --to ledger:NAME`;
  if (report.grade === "broken") {
    return "next: fetch the objects named above again from where they were exported to, and verify again; if they are the same, the export was changed or cut";
  }
  if (!ok) return "next: look at what is named above before you rely on this export";
  if (report.grade === "consistent") {
    return `next: verify against a digest from outside the export (--digest FILE), then ${replay}`;
  }
  return `next: ${replay}`;
}
