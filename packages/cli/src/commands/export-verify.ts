// SPDX-License-Identifier: MIT
import {
  type SequenceRange,
  type SuppliedProof,
  type VerificationReport,
  anchorsOfPartials,
  joinPartials,
} from "@ledger-loader/export";
import type { Digest } from "@ledger-loader/journal";
import { UsageError } from "../cli-errors";
import {
  command,
  type AnyCommandBody,
  type CommandContext,
  type CommandOutput,
} from "../options/command-spec";
import { nextAfterExport } from "../output/verification-next";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import { BLOCKS_OPTION, MANIFESTS, requireBlocks } from "../options/export-options";
import { withExport } from "../options/with-export";
import { readNamedFile } from "../files";
import { readPartials, writePartial } from "../verify/partial-files";
import { verifyWithWorkers } from "../verify/verify-with-workers";
import { readSuppliedProof } from "../ledger/supplied-proof";
import { REPORT_OPTIONS, ReportFile, type ReportOptions } from "../output/report-file";
import { VERIFICATION_EXITS, verificationResult } from "../output/verification-result";

/** More threads than any machine of today has cores. */
const WORKERS_MAX = 1024;

interface Options extends ReportOptions {
  readonly workers?: number;
  readonly partial?: string;
  readonly join?: true;
  readonly blocks?: Partial<SequenceRange>;
  readonly digest?: string;
  readonly proof?: readonly string[];
}

/** `export verify MANIFEST...` */
export const exportVerify: AnyCommandBody = command<readonly [manifests: readonly string[]], Options>({
  description:
    "Recomputes all hashes from the documents, and compares them with the manifests, and with the digest and " +
    "proofs that you supply.\n\nVerdicts: `passed`, `failed` (evidence of alteration or loss), `incomplete` (a " +
    "part could not be checked), `not-comparable` (the input does not belong together). Assurance: `anchored` (a " +
    "digest or proof matches), `consistent` (all hashes match) or `linked` (only the chain matches). A person " +
    "who can write all files can recompute all hashes: keep a digest elsewhere.",
  arguments: [MANIFESTS],
  options: [
    {
      flags: "--digest <file>",
      description: "the digest that you trust, from `aws qldb get-digest` in any form, or from the console",
    },
    {
      flags: "--proof <file>",
      description: "an answer of GetBlock or GetRevision with its Proof for the digest of --digest",
      repeatable: true,
    },
    {
      ...BLOCKS_OPTION,
      description: "only the data objects with the blocks N-M, N- or N",
    },
    ...REPORT_OPTIONS,
    {
      flags: "--workers <n>",
      description: "the number of threads. Default: one for each core, one for a small export",
      parse: parseWorkers,
    },
    {
      flags: "--partial <file>",
      description:
        "verify the data objects that begin in the range of --blocks, and write the result for --join",
    },
    {
      flags: "--join",
      description: "join results: the arguments are the files that --partial wrote for all ranges",
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
      command: "ledger-loader export verify ./export --digest digest.json --report certificate.html",
      what: "with a certificate to file",
    },
    {
      command: "ledger-loader export verify s3://bucket/exports/ --blocks 0-999999 --partial part-1.json",
      what: "one range of a very large export, on one of several machines",
    },
    {
      command: "ledger-loader export verify --join part-*.json",
      what: "the verdict of all ranges",
    },
    {
      command: "ledger-loader export verify may/*.completed.manifest june/*.completed.manifest",
      what: "consecutive exports",
    },
  ],
  exits: VERIFICATION_EXITS,
  async run(context, [names], options) {
    const started = Date.now();
    requireOneWay(options);
    const file = await ReportFile.prepare(options);
    if (options.join === true) return report(context, await join(names), { file, started, manifests: [] });
    const anchors = await readAnchors(options);
    const { blocks, partial, workers } = options;
    return withExport(context.terminal.env, names, async (journal) => {
      if (partial !== undefined) {
        return writePartial(context, journal, { path: partial, blocks: blocks ?? {}, ...anchors });
      }
      requireBlocks(journal, blocks);
      const source = blocks === undefined ? journal : journal.within(blocks);
      const verified = await verifyWithWorkers(context, source, {
        manifests: names,
        blocks,
        anchors,
        workers,
      });
      return report(context, { verified, anchors }, { file, started, manifests: names });
    });
  },
});

/** The anchors that an export is verified against. */
interface SuppliedAnchors {
  readonly digests: readonly Digest[];
  readonly proofs: readonly SuppliedProof[];
}

/** A report, and the digests and proofs that it was made with. */
interface Verified {
  readonly verified: VerificationReport;
  readonly anchors: SuppliedAnchors;
}

/** The further input of a verification's output. */
interface ReportContext {
  readonly file: ReportFile | undefined;
  readonly started: number;
  readonly manifests: readonly string[];
}

async function report(
  context: CommandContext,
  { verified, anchors }: Verified,
  { file, started, manifests }: ReportContext,
): Promise<CommandOutput> {
  const elapsedMs = Date.now() - started;
  const next = nextAfterExport(verified, manifests.length === 0 ? ["MANIFEST"] : manifests);
  const subject = { elapsedMs, anchors: "What you supplied", next };
  const result = verificationResult(verified, subject, context.style);
  if (file === undefined) return result;
  if (file.isCertificate) await file.writeCertificate({ verification: verified, ...anchors });
  else await file.writeDocument(result.document);
  return { ...result, text: `${result.text}\n\n${file.line}` };
}

async function join(paths: readonly string[]): Promise<Verified> {
  const partials = await readPartials(paths);
  return { verified: joinPartials(partials), anchors: anchorsOfPartials(partials) };
}

/** Options that say how an export is read have no meaning where files are joined, nor a report where a part is written. */
function requireOneWay({
  join: isJoin,
  partial,
  digest,
  proof,
  blocks,
  workers,
  report: page,
}: Options): void {
  const given = {
    "--digest": digest,
    "--proof": proof,
    "--blocks": blocks,
    "--workers": workers,
    "--partial": partial,
  };
  const [other] = Object.entries(given).filter(([, value]) => value !== undefined);
  if (isJoin === true && other !== undefined) {
    throw new UsageError(
      `expected --join alone, found ${other[0]} too: give it to each verification with --partial`,
    );
  }
  if (partial === undefined) return;
  if (page !== undefined) {
    throw new UsageError("expected --report with --join, found it with --partial: a part has no verdict");
  }
  if (workers !== undefined) {
    throw new UsageError("expected --partial or --workers, found both: a part is verified on one thread");
  }
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

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (/^\d+$/.test(text) && workers >= 1 && workers <= WORKERS_MAX) return workers;
  throw new UsageError(
    `expected --workers to be a number from 1 to ${WORKERS_MAX}, found ${JSON.stringify(text)}`,
  );
}
