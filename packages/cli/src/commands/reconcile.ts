// SPDX-License-Identifier: MIT
import { loadWriter, maskingFrom, type RevisionWriter, withoutUndefined } from "@ledger-loader/core";
import type { JournalExport } from "@ledger-loader/export";
import {
  createDriverHistory,
  idFieldFinder,
  reconcile,
  reconcileExports,
  type ReconcileReport,
} from "@ledger-loader/move";
import { UsageError } from "../cli-errors";
import { CONNECTION_OPTIONS, CREDENTIALS_NOTE } from "../ledger/connection";
import { dataOption, type LedgerAccess, reachLedger } from "../ledger/reach-ledger";
import { isFieldNamed, settleLoadedIdField } from "../ledger/settle-id-field";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import {
  EXPORT_PART_OPTIONS,
  type ExportPartOptions,
  requireBlocks,
  tableSet,
} from "../options/export-options";
import {
  CHANGE_OPTIONS,
  ID_FIELD_OPTIONS,
  loaderConfigFrom,
  type LoaderSettingOptions,
} from "../options/loader-settings";
import { openRevisionMapping } from "../options/named-mapping";
import { SOURCE_FORMS, withSource } from "../options/with-source";
import { certifiedText, certifyComparison, readCertifiedDigest } from "../output/certify-comparison";
import { exitCodeOf } from "../output/exit-code";
import { REPORT_OPTIONS, ReportFile, type ReportOptions } from "../output/report-file";
import { reconcileText } from "../output/reconcile-text";
import { startPhases } from "../output/progress-phases";

interface Options
  extends
    LedgerAccess,
    Pick<LoaderSettingOptions, "idField" | "mapping" | "masking">,
    ExportPartOptions,
    ReportOptions {
  readonly ledger?: string;
  readonly with?: string;
  readonly sourceData?: string;
  readonly digest?: string;
}

/** Transactions at a time: one lists documents, one reads their revisions. */
const SESSIONS = 2;

/** `reconcile SOURCE... --ledger NAME | --with SOURCE` */
export const reconcileCommand: AnyCommandBody = command<readonly [sources: readonly string[]], Options>({
  description:
    "The ledger must hold the same revisions as the export, in the same order with equal content, and nothing " +
    "else. Additions of the loader are ignored. Nothing may write to the ledgers meanwhile. Give the mapping and " +
    "the masking file of the replay.\n\nWith `--with`, both sides have the same document ids, such as a ledger " +
    "(`ledger:NAME`) and its restored twin.\n\nWith --report FILE.html the export is verified too, and the " +
    `certificate's verdict decides about the exit code.\n\n${CREDENTIALS_NOTE}`,
  arguments: [`${SOURCE_FORMS}. Several consecutive exports, in any order`],
  options: [
    { flags: "--ledger <name>", description: "the ledger that the export was loaded into" },
    {
      flags: "--with <source>",
      description: "the other side, with the same document ids: a source as above",
    },
    ...ID_FIELD_OPTIONS,
    ...CHANGE_OPTIONS,
    ...EXPORT_PART_OPTIONS,
    ...REPORT_OPTIONS,
    {
      flags: "--digest <file>",
      description: "for a certificate: verify the export against this digest",
    },
    dataOption("read the ledger of --ledger or --with from the data folder of a stopped server"),
    {
      flags: "--source-data <folder>",
      description: "read the source from the data folder of a stopped server",
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
    {
      command: "ledger-loader reconcile ledger:old --source-data ./old --with ledger:new --data ./new",
      what: "a ledger and its restored twin",
    },
  ],
  exits: {
    holds: "both hold the same",
    doesNotHold: "they do not, and the report says where",
    incomplete: "of a certificate: they hold the same, but a part of the export could not be checked",
  },
  async run(context, [sources], options) {
    const other = otherSide(options);
    const { sourceData: data, endpoint, region } = options;
    const place = data === undefined ? { endpoint, region } : { data };
    const file = await ReportFile.prepare(options);
    const digest = await readCertifiedDigest(options.digest, file);
    const { report, verdict } = await withSource(
      context.terminal,
      sources,
      withoutUndefined(place),
      async (journal) => {
        requireBlocks(journal, options.blocks);
        const compared = await (options.with === undefined
          ? compare(context, journal, options, other)
          : compareAlike(context, journal, options));
        requireTables(compared, options);
        if (file?.isCertificate !== true) return { report: compared, verdict: undefined };
        const subject = { ledgerName: other, report: compared, options };
        return {
          report: compared,
          verdict: await certifyComparison(context, journal, { ...subject, file, digest }),
        };
      },
    );
    const document = { ledger: other, ...report };
    if (file?.isCertificate === false) await file.writeDocument(document);
    const text = reconcileText(report, other, context.style);
    return {
      exitCode: exitCodeOf(verdict ?? (report.equal ? "passed" : "failed")),
      document: verdict === undefined ? document : { ...document, verdict },
      text: file === undefined ? text : `${text}\n\n${certifiedText(verdict)}${file.line}`,
    };
  },
});

/** Nothing was compared where no table has the name: that must not look like two sides that are equal. */
function requireTables({ tables }: ReconcileReport, { tables: names = [], mapping }: Options): void {
  const compared = new Set(tables.map(({ table }) => table));
  // After a mapping the tables that were compared have other names.
  const isFound = mapping === undefined ? (name: string) => compared.has(name) : () => compared.size > 0;
  const missing = names.filter((name) => !isFound(name));
  if (missing.length === 0) return;
  throw new UsageError(
    `expected --tables to name tables of the export or the ledger, found ${missing.join(", ")} in neither: names are case-sensitive`,
  );
}

/** The other side of the comparison. */
function otherSide(options: Options): string {
  const { ledger, with: alike, mapping, masking } = options;
  const change = mapping === undefined ? masking && "--masking" : "--mapping";
  if (alike !== undefined && change !== undefined)
    throw new UsageError(
      `expected ${change} with --ledger, found it with --with: both sides are compared as they are`,
    );
  if (ledger !== undefined && alike === undefined) return ledger;
  if (ledger === undefined && alike !== undefined) return alike;
  throw new UsageError("expected --ledger or --with, one of them: name the ledger, or what has the same ids");
}

/** Both sides have the same document ids. */
function compareAlike(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
): Promise<ReconcileReport> {
  const { with: name = "", data, endpoint, region, blocks: range, until } = options;
  const place = data === undefined ? { endpoint, region } : { data };
  return withSource(context.terminal, [name], withoutUndefined(place), async (other) => {
    const phases = startPhases(context, "revisions");
    try {
      const part = { tables: tableSet(options.tables), range, until };
      return await reconcileExports(journal, other, { ...part, onProgress: phases.update });
    } finally {
      phases.finish();
    }
  });
}

async function compare(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
  ledgerName: string,
): Promise<ReconcileReport> {
  const { env } = context.terminal;
  const mapping = await openRevisionMapping(env, options);
  const transform = await maskingFrom(await loaderConfigFrom(env, options, ledgerName));
  const changes = { read: mapping?.read, transform };
  const tables = tableSet(options.tables);
  const part = { tables, range: options.blocks, until: options.until };
  const reach = { env, options, ledgerName, sessions: SESSIONS, occRetries: 0, use: "read" } as const;
  return reachLedger(reach, async (ledger) => {
    const writer = await writerOf(context, journal, options, { ...changes, tables, ledger, ledgerName });
    const fieldOf = idFieldFinder({});
    const phases = startPhases(context, "revisions");
    try {
      return await reconcile(journal, createDriverHistory(ledger), {
        ...part,
        idFieldOf: (table) => writer.idField(table) ?? fieldOf(table),
        ...changes,
        onProgress: phases.update,
      });
    } finally {
      phases.finish();
    }
  });
}

/** The writer that knows in which fields the ledger's documents keep their ids. */
async function writerOf(
  context: CommandContext,
  journal: JournalExport,
  options: Options,
  { ledgerName, ...loaded }: Parameters<typeof settleLoadedIdField>[3] & { readonly ledgerName: string },
): Promise<RevisionWriter> {
  const { env } = context.terminal;
  const chosen = isFieldNamed(options, env)
    ? undefined
    : await settleLoadedIdField(context, journal, options, loaded);
  if (chosen !== undefined) context.note(`looking for the documents' ids in the field ${chosen.free}`);
  const fields = chosen === undefined ? options : { ...options, idField: chosen.free };
  return loadWriter(await loaderConfigFrom(env, fields, ledgerName));
}
