// SPDX-License-Identifier: MIT
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { printable } from "@ledger-loader/errors";
import {
  findInExport,
  findInLedger,
  type FindRevisions,
  readReceiptLines,
  type ReceiptProblem,
  type ReceiptReport,
  verifyReceiptLines,
} from "@ledger-loader/move";
import { FileError, UsageError } from "../cli-errors";
import { CONNECTION_OPTIONS, CREDENTIALS_NOTE } from "../ledger/connection";
import { dataOption, type LedgerAccess, reachLedger } from "../ledger/reach-ledger";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { withExport } from "../options/with-export";
import { ExitCode } from "../output/exit-code";
import { count, counted, indent } from "../output/layout";
import type { Style } from "../output/style";

interface Options extends LedgerAccess {
  readonly ledger?: string;
  readonly export?: readonly string[];
}

/** `receipt verify FILE` */
export const receiptVerify: AnyCommandBody = command<readonly [file: string], Options>({
  description:
    "Each revision must be in the block that its receipt names, with the same hash. `ledger verify` and `export " +
    `verify\` check the hashes themselves.\n\n${CREDENTIALS_NOTE}`,
  arguments: ["receipts, one line of JSON each"],
  options: [
    { flags: "--ledger <name>", description: "the ledger to look in" },
    {
      flags: "--export <manifest>",
      description: "the export to look in, in place of a ledger",
      repeatable: true,
    },
    dataOption("look in the data folder of a stopped server"),
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    {
      command: "ledger-loader receipt verify receipts.jsonl --ledger vehicles",
      what: "against the ledger of the server of this machine",
    },
    {
      command: "ledger-loader receipt verify receipts.jsonl --export ./export",
      what: "against a journal export, years later",
    },
  ],
  exits: {
    holds: "every revision is where its receipt says, with the same hash",
    doesNotHold: "a revision is missing or differs, or a line is no receipt",
  },
  async run(context, [file], options) {
    const report = await withRevisions(context, options, (find) => verifyFile(file, find));
    if (report.receipts === report.unreadable) {
      const found = report.receipts === 0 ? "none" : "lines that are no receipts";
      throw new FileError(file, `expected receipts in ${file}, found ${found}: name the file of --receipts`);
    }
    const holds = isVerified(report);
    return {
      exitCode: holds ? ExitCode.holds : ExitCode.doesNotHold,
      document: { file, ...report },
      text: text(report, holds, context.style),
    };
  },
});

async function verifyFile(file: string, find: FindRevisions): Promise<ReceiptReport> {
  const stream = createReadStream(file);
  try {
    return await verifyReceiptLines(
      readReceiptLines(createInterface({ input: stream, crlfDelay: Infinity })),
      find,
    );
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (path !== file) throw cause;
    throw new FileError(file, `expected receipts in ${file}, found ${code ?? "an error"}`, { cause });
  } finally {
    stream.destroy();
  }
}

function withRevisions(
  context: CommandContext,
  options: Options,
  work: (find: FindRevisions) => Promise<ReceiptReport>,
): Promise<ReceiptReport> {
  const { ledger: ledgerName, export: manifests } = options;
  const { env } = context.terminal;
  if ((ledgerName === undefined) === (manifests === undefined))
    throw new UsageError("expected --ledger or --export, the place to look in, found both or neither");
  if (ledgerName === undefined)
    return withExport(env, manifests ?? [], async (journal) => work(await findInExport(journal)));
  const note = (words: string): void => {
    context.note(words);
  };
  return reachLedger({ env, options, ledgerName, sessions: 1, occRetries: 0, use: "read", note }, (ledger) =>
    work(findInLedger(ledger)),
  );
}

function isVerified({ different, missing, unreadable }: ReceiptReport): boolean {
  return different + missing + unreadable === 0;
}

/** Problems that are printed; `--json` has more. */
const PROBLEMS_SHOWN = 10;

function text(report: ReceiptReport, holds: boolean, style: Style): string {
  const { receipts, verified, different, missing, unreadable, withoutRevision, problems } = report;
  const verdict = holds ? style.good("the receipts hold") : style.bad("the receipts do not hold");
  const counts = [
    `${count(verified)} verified`,
    ...(different > 0 ? [`${count(different)} different`] : []),
    ...(missing > 0 ? [`${count(missing)} missing`] : []),
    ...(unreadable > 0 ? [`${count(unreadable)} unreadable`] : []),
  ];
  const without = Object.entries(withoutRevision).map(([why, n]) =>
    indent(`${counted(n, "receipt")} without a revision: ${why}`),
  );
  const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => indent(problemLine(problem)));
  const more = different + missing + unreadable - shown.length;
  return [
    verdict,
    `${counted(receipts, "receipt")}: ${counts.join(", ")}`,
    ...without,
    ...shown,
    ...(more > 0 ? [indent(`… and ${count(more)} more`)] : []),
  ].join("\n");
}

function problemLine({ line, source, kind, detail }: ReceiptProblem): string {
  return printable(`line ${line}${source === undefined ? "" : ` (${source})`}: ${kind}. ${detail}`);
}
