// SPDX-License-Identifier: MIT
import type { Digest } from "@ledger-loader/journal";
import { type GivenId, type LedgerRestoration, LedgerStore } from "@ledger-loader/ledger";
import { placeFrom, POSTGRES_OPTION, withoutPassword } from "../ledger/ledger-place";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { ExitCode, exitCodeOf } from "../output/exit-code";
import { restorationText, restoredDocument } from "../output/restoration-text";
import { parseIndexId, parseTableId } from "../options/given-ids";
import { withExport } from "../options/with-export";
import { shownCommand } from "../output/shown-command";
import { nextAfterExport } from "../output/verification-next";
import { verificationResult } from "../output/verification-result";

interface Options {
  readonly from: readonly string[];
  readonly data?: string;
  readonly postgres?: string;
  readonly digest?: readonly string[];
  readonly protect?: true;
  readonly tableId?: readonly GivenId[];
  readonly indexId?: readonly GivenId[];
}

/** `ledger restore NAME --from MANIFEST... --data DIR | --postgres URL` */
export const ledgerRestore: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "Verifies the export, and makes a ledger of its unchanged blocks: digests and proofs of the old ledger stay " +
    "valid. New transactions continue the chain.\n\nThe export must begin with block 0, and cannot be JSON. A " +
    "later export extends a restored ledger of the same name. Redactions in its blocks are applied to earlier " +
    "revisions too.\n\nBlocks do not hold the ids of indexes, and of tables without documents. The command makes " +
    "up these ids and lists them, unless `--table-id` and `--index-id` give them.\n\nThe ledger appears when it " +
    "is complete: after an interruption run the command again. Stop the server of a data folder before. Servers " +
    "on a database may run.",
  arguments: ["the ledger to restore or to extend"],
  options: [
    {
      flags: "--from <manifest...>",
      description:
        "the export: a `*.completed.manifest`, a folder, or `s3://BUCKET/PREFIX`. Several consecutive exports in any order",
      required: true,
      repeatable: true,
    },
    { flags: "--data <folder>", description: "the data folder, made if it is missing" },
    POSTGRES_OPTION,
    {
      flags: "--digest <file>",
      description: "a digest of the old ledger that you trust",
      repeatable: true,
    },
    {
      flags: "--table-id <table=id>",
      description: "the id of a table without documents",
      repeatable: true,
      parse: parseTableId,
    },
    {
      flags: "--index-id <table.field=id>",
      description: "the id of an index",
      repeatable: true,
      parse: parseIndexId,
    },
    { flags: "--protect", description: "refuse to delete the ledger until `ledger delete --unprotect`" },
  ],
  examples: [
    {
      command: "ledger-loader ledger restore vehicles --from ./export --data ./ledgers --digest digest.json",
      what: "from one export, against a digest that was kept",
    },
    {
      command: "ledger-loader ledger restore vehicles --from ./june ./july --data ./ledgers",
      what: "two consecutive exports",
    },
  ],
  exits: {
    holds: "restored, and everything was checked",
    doesNotHold: "not restored: the export failed verification or lacks blocks",
    incomplete: "restored: a part could not be checked",
  },
  async run(context, [name], options) {
    const started = Date.now();
    const restoration = await restore(context, name, options);
    const { report, restored } = restoration;
    const next = restored === undefined ? nextAfterExport(report, options.from) : nextStep(name, options);
    const subject = { elapsedMs: Date.now() - started, anchors: "What you supplied", next };
    const { document } = verificationResult(report, subject, context.style);
    const exitCode = toExitCode(restoration);
    return {
      exitCode,
      document: {
        ...(document as object),
        holds: exitCode === ExitCode.holds,
        ledger: name,
        restored: restoredDocument(restored),
      },
      text: restorationText(name, restoration, subject, context.style),
    };
  },
});

async function restore(
  context: CommandContext,
  name: string,
  { from, digest: files = [], protect, tableId = [], indexId = [], ...place }: Options,
): Promise<LedgerRestoration> {
  const digests: Digest[] = [];
  for (const file of files) {
    const digest = await readSuppliedDigest(file);
    if (digest !== undefined) digests.push(digest);
  }
  return withExport(context.terminal.env, from, async (source) => {
    const store = await LedgerStore.open(placeFrom(place));
    const progress = context.progress("restoring", "bytes");
    try {
      return await store.restoreLedger(name, source, {
        digests,
        givenIds: [...tableId, ...indexId],
        deletionProtection: protect === true,
        onProgress: ({ bytes, totalBytes }) => {
          progress.update(bytes, totalBytes);
        },
      });
    } finally {
      progress.finish();
      await store.close();
    }
  });
}

function toExitCode({ report, restored }: LedgerRestoration): ExitCode {
  const exitCode = exitCodeOf(report.verdict);
  return restored === undefined && exitCode === ExitCode.incomplete ? ExitCode.doesNotHold : exitCode;
}

function nextStep(name: string, { data, postgres, digest }: Options): string {
  const verify =
    digest === undefined ? "compare its digest with one that was kept, then serve it" : "serve it";
  const place = {
    "--data": data,
    "--postgres": postgres === undefined ? undefined : withoutPassword(postgres),
  };
  return `next: ${verify}; ledger ${name} is in ${data ?? "the database"}\n${shownCommand(["ledger", "serve"], place)}`;
}
