// SPDX-License-Identifier: MIT
import { type ExportFinding, type VerificationReport, verifyExport } from "@ledger-loader/export";
import { heaviestVerdict } from "@ledger-loader/journal";
import type { LedgerFinding } from "@ledger-loader/ledger";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { readSuppliedDigest } from "../ledger/supplied-digest";
import {
  JOURNAL_OPTIONS,
  withJournal,
  type JournalOptions,
  type LedgerJournal,
} from "../ledger/ledger-journal";
import { withoutPassword } from "../ledger/ledger-place";
import { shownCommand } from "../output/shown-command";
import { afterUncheckedContent } from "../output/verification-next";
import { VERIFICATION_EXITS, verificationResult } from "../output/verification-result";
import { withProgress } from "../output/with-progress";

/** An export's report, with what a store can have wrong besides. */
interface Report extends Omit<VerificationReport, "findings"> {
  readonly findings: readonly (ExportFinding | LedgerFinding)[];
}

interface Options extends JournalOptions {
  readonly digest?: string;
}

/** `ledger verify NAME` */
export const ledgerVerify: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "Recomputes all hashes and compares the ledger's digest. This check finds damage. To find a journal that was " +
    "rewritten as a whole, compare with a digest that you kept (`--digest`).\n\nWith `--data` or `--postgres` " +
    "the command also derives documents, history and indexes from the journal and compares them, and looks for " +
    "acknowledged commits that are missing.",
  arguments: ["the ledger"],
  options: [
    {
      flags: "--digest <file>",
      description: "a digest that you trust, from `ledger digest --json`",
    },
    ...JOURNAL_OPTIONS,
  ],
  examples: [
    { command: "ledger-loader ledger verify vehicles", what: "of the server of this machine" },
    {
      command: "ledger-loader ledger verify vehicles --digest digest.json",
      what: "against a digest that was kept",
    },
    { command: "ledger-loader ledger verify vehicles --data ./ledgers", what: "while no server runs" },
  ],
  exits: VERIFICATION_EXITS,
  async run(context, [name], options) {
    const started = Date.now();
    const report = await verify(context, name, options);
    const elapsedMs = Date.now() - started;
    const anchors = options.digest === undefined ? "The ledger's own digest" : "What you supplied";
    const subject = { elapsedMs, anchors, next: next(report, name, options) };
    return verificationResult(report, subject, context.style);
  },
});

async function verify(context: CommandContext, name: string, options: Options): Promise<Report> {
  const trusted = await readSuppliedDigest(options.digest);
  const verifyJournal = (journal: LedgerJournal): Promise<Report> =>
    withProgress(context, "verifying", "blocks", async (onBlocks) => {
      const report = await verifyExport(journal.asExport, {
        digest: trusted ?? journal.digest,
        onProgress: ({ blocks }) => {
          onBlocks(blocks, journal.digest.tipAddress.sequenceNo + 1);
        },
      });
      const findings = ((await journal.verifyStore?.()) ?? []).filter(({ rule }) => STORE_RULES.has(rule));
      return withStoreFindings(trusted === undefined ? withoutAnchor(report) : report, findings);
    });
  return withJournal(context.terminal, name, options, verifyJournal, { evenIfShortened: true });
}

/** The rules that only the store can break; all others are about the journal and were checked there. */
const STORE_RULES: ReadonlySet<string> = new Set([
  "block-row",
  "replay",
  "derived-state",
  "missing-commits",
  "accepted-loss",
]);

/** The ledger's own digest anchors nothing: whoever rewrote the journal would have rewritten it too. */
function withoutAnchor(report: VerificationReport): VerificationReport {
  return report.assurance === "anchored"
    ? { ...report, assurance: "consistent", anchoredThrough: undefined }
    : report;
}

function withStoreFindings(report: Report, found: readonly LedgerFinding[]): Report {
  if (found.length === 0) return report;
  const counts: Record<string, number> = { ...report.findingCounts };
  for (const { rule } of found) counts[rule] = (counts[rule] ?? 0) + 1;
  const severities = found.flatMap(({ severity }) => (severity === "warning" ? [] : severity));
  const verdict = heaviestVerdict([report.verdict, ...severities]);
  const findings = [...report.findings, ...found];
  const assurance = verdict === "failed" ? undefined : report.assurance;
  return { ...report, verdict, assurance, findings, findingCounts: counts };
}

function next(
  { verdict, anchors, findings, range, period }: Report,
  name: string,
  { digest, data, postgres }: Options,
): string {
  switch (verdict) {
    case "failed":
      if (findings.some(({ rule }) => rule === "missing-commits")) return afterLoss(name, data);
      if (findings.every(({ rule, severity }) => rule === "derived-state" || severity !== "failed"))
        return `next: the journal is whole: derive the rest from it again\n${rebuildCommand(name, data, postgres)}`;
      if (onlyDigestFailed(findings)) {
        return "next: the ledger is consistent in itself; check that the digest comes from a source that you trust, then treat the ledger as rewritten";
      }
      return "next: stop writing to this ledger, keep its files, and restore it from an export that verifies";
    case "not-comparable":
      return "next: supply a digest of this ledger: the strand above tells which";
    case "incomplete":
      return anchors.some(({ status }) => status === "unchecked")
        ? `next: ${newerDigest(data)}, which ends with block ${range?.last ?? "none"} of ${period?.last ?? "no time"}`
        : `next: ${afterUncheckedContent({ findings, anchors: digest === undefined ? [] : anchors })}`;
    case "passed":
      return digest === undefined
        ? `next: keep ledger-loader ledger digest ${name} --json somewhere else, to verify against it later`
        : "";
  }
}

function onlyDigestFailed(findings: Report["findings"]): boolean {
  const failed = findings.filter(({ severity }) => severity === "failed");
  return failed.length > 0 && failed.every(({ rule }) => rule === "digest");
}

function rebuildCommand(name: string, data: string | undefined, postgres: string | undefined): string {
  const database = postgres === undefined ? undefined : withoutPassword(postgres);
  return shownCommand(["ledger", "rebuild", name], { "--data": data, "--postgres": database });
}

function afterLoss(name: string, data = "DIR"): string {
  return (
    `next: put ${name}.ledger-wal back next to the ledger's file, or restore a backup that has the missing blocks. ` +
    `To go on without them: ledger-loader ledger accept-loss ${name} --data ${data}`
  );
}

/** A file that was copied without its log lacks the newest blocks, and cannot tell. */
function newerDigest(data: string | undefined): string {
  return data === undefined
    ? "find out why the digest is newer than this ledger"
    : "copy NAME.ledger-wal together with the ledger's file, or use ledger-loader ledger backup: the digest is newer than this file";
}
