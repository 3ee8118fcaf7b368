// SPDX-License-Identifier: MIT
import { loadWriter } from "@ledger-loader/core";
import { type JournalExport, verifyExport } from "@ledger-loader/export";
import type { Digest, Verdict } from "@ledger-loader/journal";
import { createDriverHistory, idFieldFinder, reconcile, type ReconcileReport } from "@ledger-loader/move";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import {
  CONNECTION_OPTIONS,
  connectionFrom,
  CREDENTIALS_NOTE,
  type ConnectionOptions,
} from "../ledger/connection";
import { ServerRefusedError, UsageError } from "../cli-errors";
import { readServedDigest } from "../ledger/ledger-journal";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import { exitCodeOf } from "../output/exit-code";
import { REPORT_OPTIONS, ReportFile, type ReportOptions } from "../output/report-file";
import { MANIFEST_ARGUMENT, TABLES_OPTION, tableSet } from "../options/export-options";
import { withExport } from "../options/with-export";
import { ID_FIELD_OPTIONS, loaderConfigFrom, type IdFieldOptions } from "../options/loader-settings";
import { withLedger } from "../ledger/open-ledger";
import { reconcileText } from "../output/reconcile-text";

interface Options extends ConnectionOptions, IdFieldOptions, ReportOptions {
  readonly ledger: string;
  readonly digest?: string;
  readonly tables?: readonly string[];
}

/** `reconcile MANIFEST... --ledger NAME` */
export const reconcileCommand: AnyCommandSpec = command<readonly [manifests: readonly string[]], Options>({
  path: ["reconcile"],
  summary: "Proves that a ledger holds what an export holds, revision by revision",
  description:
    "For every document of the export, the ledger's history must hold the same revisions in the same order with equal " +
    "content, and nothing else. What the loader itself added is ignored: the field with the document's old id, its " +
    "placeholders for redacted revisions, its own table. Content is compared by Ion hash, recomputed on both sides. " +
    "With --report FILE.html the export is verified too, and the certificate's verdict decides about the exit code. " +
    "Nothing may write to the ledger meanwhile. Ids and hashes are sorted in temporary files, so memory stays small " +
    `whatever the size.\n\n${CREDENTIALS_NOTE}`,
  arguments: [MANIFEST_ARGUMENT],
  options: [
    { flags: "--ledger <name>", description: "the ledger that the export was loaded into", required: true },
    ...ID_FIELD_OPTIONS,
    TABLES_OPTION,
    ...REPORT_OPTIONS,
    {
      flags: "--digest <file>",
      description:
        "for a certificate: verify the export against this digest, as `export verify --digest` does",
    },
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    { command: "ledger-loader reconcile ./export --ledger vehicles", what: "after a replay" },
    {
      command: "ledger-loader reconcile ./export --ledger vehicles --report differences.json",
      what: "with every difference in a file",
    },
    {
      command: "ledger-loader reconcile ./export --ledger vehicles --digest digest.json --report move.html",
      what: "with a certificate to file",
    },
  ],
  exits: {
    holds: "export and ledger hold the same",
    doesNotHold: "they do not, and the report says where",
    incomplete: "of a certificate: they hold the same, but a part of the export could not be checked",
  },
  async run(context, [manifests], options) {
    const file = await ReportFile.prepare(options);
    const digest = await readDigest(options, file);
    const { report, verdict } = await withExport(context.terminal.env, manifests, async (journal) => {
      const compared = await compare(context, journal, options);
      if (file?.isCertificate !== true) return { report: compared, verdict: undefined };
      return { report: compared, verdict: await certify(context, journal, options, file, compared, digest) };
    });
    const document = { ledger: options.ledger, ...report };
    if (file?.isCertificate === false) await file.writeDocument(document);
    const text = reconcileText(report, options.ledger, context.style);
    return {
      exitCode: exitCodeOf(verdict ?? (report.equal ? "passed" : "failed")),
      document: verdict === undefined ? document : { ...document, verdict },
      text: file === undefined ? text : `${text}\n\n${certifiedText(verdict)}${file.line}`,
    };
  },
});

async function readDigest({ digest }: Options, file: ReportFile | undefined): Promise<Digest | undefined> {
  if (digest !== undefined && file?.isCertificate !== true) {
    throw new UsageError(
      "expected --report FILE.html beside --digest: only a certificate verifies the export",
    );
  }
  return readSuppliedDigest(digest);
}

function certifiedText(verdict: Verdict | undefined): string {
  return verdict === undefined ? "" : `verdict of the certificate: ${verdict}\n`;
}

/** Verifies the export too, and writes the certificate of both. */
async function certify(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
  file: ReportFile,
  report: ReconcileReport,
  digest: Digest | undefined,
): Promise<Verdict> {
  const progress = context.progress("verifying", "bytes");
  const digests = digest === undefined ? [] : [digest];
  try {
    const verification = await verifyExport(journal, {
      digests,
      onProgress: ({ bytes, totalBytes }) => {
        progress.update(bytes, totalBytes);
      },
    });
    const ledgerDigest = await findLedgerDigest(context, options);
    const comparison = { ledgerName: options.ledger, ledgerDigest, report };
    const certificate = await file.writeCertificate({ verification, digests, proofs: [], comparison });
    return certificate.report.verdict;
  } finally {
    progress.finish();
  }
}

/** The ledger's digest, for `certificate verify`. A server that refuses it is no reason to have no certificate. */
async function findLedgerDigest(context: CommandContext, options: Options): Promise<Digest | undefined> {
  try {
    return await readServedDigest(connectionFrom(options, context.terminal.env), options.ledger);
  } catch (error) {
    if (!(error instanceof ServerRefusedError)) throw error;
    context.note(`the certificate is without the ledger's digest: ${error.message}`);
    return undefined;
  }
}

async function compare(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
): Promise<ReconcileReport> {
  const { env } = context.terminal;
  const writer = await loadWriter(await loaderConfigFrom(env, options, options.ledger));
  const fieldOf = idFieldFinder({});
  const tables = tableSet(options.tables);
  const connection = connectionFrom(options, env);
  return withLedger(connection, options.ledger, 2, async (ledger) => {
    let progress = context.progress("reading the export", "revisions");
    let phase = "reading the export";
    try {
      return await reconcile(journal, createDriverHistory(ledger), {
        idFieldOf: (table) => writer.idField(table) ?? fieldOf(table),
        tables,
        onProgress: (now, revisions, total) => {
          if (now !== phase) {
            progress.finish();
            progress = context.progress(now, "revisions");
            phase = now;
          }
          progress.update(revisions, total);
        },
      });
    } finally {
      progress.finish();
    }
  });
}
