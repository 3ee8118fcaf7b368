// SPDX-License-Identifier: MIT
import { loadWriter } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import { createDriverHistory, idFieldFinder, reconcile, type ReconcileReport } from "@ledger-loader/move";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { CONNECTION_OPTIONS, CREDENTIALS_NOTE } from "../ledger/connection";
import { ExitCode } from "../output/exit-code";
import {
  EXPORT_PART_OPTIONS,
  type ExportPartOptions,
  MANIFEST_ARGUMENT,
  tableSet,
} from "../options/export-options";
import { withExport } from "../options/with-export";
import { writeNamedFile } from "../files";
import { ID_FIELD_OPTIONS, loaderConfigFrom, type IdFieldOptions } from "../options/loader-settings";
import { dataOption, type LedgerAccess, reachLedger } from "../ledger/reach-ledger";
import { isFieldNamed, settleIdField } from "../ledger/settle-id-field";
import { reconcileText } from "../output/reconcile-text";

interface Options extends LedgerAccess, IdFieldOptions, ExportPartOptions {
  readonly ledger: string;
  readonly report?: string;
}

/** Transactions at a time: one lists documents, one reads their revisions. */
const SESSIONS = 2;

/** `reconcile MANIFEST... --ledger NAME` */
export const reconcileCommand: AnyCommandSpec = command<readonly [manifests: readonly string[]], Options>({
  path: ["reconcile"],
  summary: "Proves that a ledger holds what an export holds, revision by revision",
  description:
    "For every document of the export, the ledger's history must hold the same revisions in the same order with equal " +
    "content, and nothing else. What the loader itself added is ignored: the field with the document's old id, its " +
    "placeholders for redacted revisions, its own table. Content is compared by Ion hash, recomputed on both sides. " +
    "Where documents have the field `oldDocumentId` already, the command looks for the ids in the field that `export replay` " +
    "has chosen.\n\nNothing may write to the ledger meanwhile. Ids and hashes are sorted in temporary files, so memory stays small " +
    `whatever the size.\n\n${CREDENTIALS_NOTE}`,
  arguments: [MANIFEST_ARGUMENT],
  options: [
    { flags: "--ledger <name>", description: "the ledger that the export was loaded into", required: true },
    ...ID_FIELD_OPTIONS,
    ...EXPORT_PART_OPTIONS,
    { flags: "--report <file>", description: "write the whole report there, as JSON" },
    dataOption("read the ledger from a data folder that no server has open"),
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    { command: "ledger-loader reconcile ./export --ledger vehicles", what: "after a replay" },
    {
      command: "ledger-loader reconcile ./export --ledger vehicles --report differences.json",
      what: "with every difference in a file",
    },
  ],
  exits: { holds: "export and ledger hold the same", doesNotHold: "they do not, and the report says where" },
  async run(context, [manifests], options) {
    const report = await withExport(context.terminal.env, manifests, (journal) =>
      compare(context, journal, options),
    );
    const document = { ledger: options.ledger, ...report };
    if (options.report !== undefined) {
      await writeNamedFile(options.report, "the report", `${JSON.stringify(document, null, 2)}\n`);
    }
    return {
      exitCode: report.equal ? ExitCode.holds : ExitCode.doesNotHold,
      document,
      text: reconcileText(report, options.ledger, context.style),
    };
  },
});

async function compare(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
): Promise<ReconcileReport> {
  const { env } = context.terminal;
  const { ledger: ledgerName, blocks: range, until } = options;
  const tables = tableSet(options.tables);
  const chosen = isFieldNamed(options, env)
    ? undefined
    : await settleIdField(context, journal, options, { tables, range, until });
  if (chosen !== undefined) context.note(`looking for the documents' ids in the field ${chosen.free}`);
  const fields = chosen === undefined ? options : { ...options, idField: chosen.free };
  const writer = await loadWriter(await loaderConfigFrom(env, fields, ledgerName));
  const fieldOf = idFieldFinder({});
  const reach = { env, options, ledgerName, sessions: SESSIONS, occRetries: 0, use: "read" } as const;
  return reachLedger(reach, async (ledger) => {
    let progress = context.progress("reading the export", "revisions");
    let phase = "reading the export";
    try {
      return await reconcile(journal, createDriverHistory(ledger), {
        idFieldOf: (table) => writer.idField(table) ?? fieldOf(table),
        tables,
        range,
        until,
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
