// SPDX-License-Identifier: MIT
import { type JournalExport, verifyExport } from "@ledger-loader/export";
import type { Digest, Verdict } from "@ledger-loader/journal";
import type { ReconcileReport } from "@ledger-loader/move";
import { ServerRefusedError, UsageError } from "../cli-errors";
import { connectionFrom } from "../ledger/connection";
import { readServedDigest, withJournal } from "../ledger/ledger-journal";
import type { LedgerAccess } from "../ledger/reach-ledger";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import type { CommandContext } from "../options/command-spec";
import type { ExportPartOptions } from "../options/export-options";
import type { ReportFile } from "./report-file";
import { withProgress } from "./with-progress";

/** How the comparison was asked for. */
interface ComparisonOptions extends LedgerAccess, ExportPartOptions {
  readonly with?: string;
  readonly mapping?: string;
  readonly masking?: string;
}

/** A comparison that a certificate is made of. */
interface CertifiedSubject {
  readonly ledgerName: string;
  readonly report: ReconcileReport;
  readonly options: ComparisonOptions;
  readonly file: ReportFile;
  readonly digest: Digest | undefined;
}

/** Reads the digest for the certificate's verification. Throws {@link UsageError} if there is no certificate. */
export async function readCertifiedDigest(
  path: string | undefined,
  file: ReportFile | undefined,
): Promise<Digest | undefined> {
  if (path !== undefined && file?.isCertificate !== true) {
    throw new UsageError(
      "expected --report FILE.html beside --digest: only a certificate verifies the export",
    );
  }
  return readSuppliedDigest(path);
}

/** The line that says the verdict of the certificate. */
export function certifiedText(verdict: Verdict | undefined): string {
  return verdict === undefined ? "" : `verdict of the certificate: ${verdict}\n`;
}

/** Verifies the export too, and writes the certificate of verification and comparison. */
export async function certifyComparison(
  context: CommandContext,
  journal: JournalExport,
  { ledgerName, report, options, file, digest }: CertifiedSubject,
): Promise<Verdict> {
  const digests = digest === undefined ? [] : [digest];
  return withProgress(context, "verifying", "bytes", async (onBytes) => {
    const verification = await verifyExport(journal, {
      digests,
      onProgress: ({ bytes, totalBytes }) => {
        onBytes(bytes, totalBytes);
      },
    });
    const ledgerDigest = await findLedgerDigest(context, ledgerName, options);
    const comparison = { ledgerName, limits: limitsOf(options), ledgerDigest, report };
    const certificate = await file.writeCertificate({ verification, digests, proofs: [], comparison });
    return certificate.report.verdict;
  });
}

/** The ledger's digest, for `certificate verify`. A server that refuses it is no reason to have no certificate. */
async function findLedgerDigest(
  context: CommandContext,
  ledgerName: string,
  options: ComparisonOptions,
): Promise<Digest | undefined> {
  if (options.with !== undefined) return undefined;
  try {
    return options.data === undefined
      ? await readServedDigest(connectionFrom(options, context.terminal.env), ledgerName)
      : await withJournal(context.terminal, ledgerName, { data: options.data }, ({ digest }) =>
          Promise.resolve(digest),
        );
  } catch (error) {
    if (!(error instanceof ServerRefusedError)) throw error;
    context.note(`the certificate is without the ledger's digest: ${error.message}`);
    return undefined;
  }
}

/** The limits of the comparison: parts that were left out, or compared after a change. */
function limitsOf({ blocks, until, mapping, masking }: ComparisonOptions): string[] {
  const { first = 0, last = Number.MAX_SAFE_INTEGER } = blocks ?? {};
  const end = last === Number.MAX_SAFE_INTEGER ? "the end" : `${last}`;
  return [
    blocks === undefined
      ? undefined
      : `Anything in the ledger that comes from other blocks than ${first} to ${end}.`,
    until === undefined
      ? undefined
      : `Anything in the ledger that comes from blocks after ${until.toISOString()}.`,
    mapping === undefined
      ? undefined
      : "What the mapping left out or changed: the ledger was compared with the export after the mapping.",
    masking === undefined
      ? undefined
      : "The content that was masked on the way: the ledger was compared with the export after masking.",
  ].filter((limit) => limit !== undefined);
}
