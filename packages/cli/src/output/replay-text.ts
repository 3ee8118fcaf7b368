// SPDX-License-Identifier: MIT
import type { ReplayReport } from "@ledger-loader/move";
import { formatTargetName } from "../channels/target-name";
import { type ExportPartOptions, shownPart } from "../options/export-options";
import type { LoadingOptions } from "../options/loading-options";
import { count, counted } from "./layout";
import { shownCommand } from "./shown-command";
import type { Style } from "./style";
import { nextAfterRejected, tallyText } from "./tally-text";

/** The options of `export replay`. */
export interface ReplayCommandOptions extends LoadingOptions, ExportPartOptions {
  readonly checkpoint?: string;
  readonly dryRun?: true;
}

/** True when every revision that was asked for was written, skipped or sent, by this run and those before. */
export function isReplayed(report: ReplayReport, options: ReplayCommandOptions): boolean {
  const { complete, rejectedTotal, rejectedBefore } = report;
  return complete && rejectedTotal + rejectedBefore === 0 && unknownTables(report, options).length === 0;
}

/** Tables that were asked for and that the export does not have. A part of it need not have a revision of each. */
function unknownTables(
  { leftOut, resumedAfter }: ReplayReport,
  { blocks, until }: ReplayCommandOptions,
): readonly string[] {
  return [resumedAfter, blocks, until].every((part) => part === undefined) ? leftOut.tablesNotFound : [];
}

/** The result of a replay, as people read it, and the next step. */
export function replayText(
  report: ReplayReport,
  style: Style,
  manifests: readonly string[],
  options: ReplayCommandOptions,
): string {
  const parts = [
    `${verdict(report, style, options)}\n${placeText(report)}`,
    tallyText(report, report.elapsedMs, style, { dryRun: options.dryRun === true }),
  ];
  if (report.rejectedBefore > 0) {
    parts.push(
      `${style.bad(counted(report.rejectedBefore, "revision"))} rejected before the checkpoint and not tried again: ` +
        "replay without --checkpoint to try all again; what was applied is skipped",
    );
  }
  const left = leftOutText(report);
  if (left !== "") parts.push(style.dim(left));
  const next = nextText(report, manifests, options);
  if (next !== "") parts.push(next);
  return parts.join("\n\n");
}

function verdict(report: ReplayReport, style: Style, options: ReplayCommandOptions): string {
  const { complete, target, lastBlock } = report;
  const { dryRun, until } = options;
  const done = dryRun === true ? "judged for" : "replayed to";
  if (!complete)
    return style.warn(`stopped: ${done} ${target} up to block ${lastBlock?.sequenceNo ?? "none"}`);
  const when = until === undefined ? "" : ` as of ${until.toISOString()}`;
  const nothing = dryRun === true ? "; nothing was written" : "";
  if (report.rejectedTotal + report.rejectedBefore > 0)
    return style.bad(`${done} ${target}${when}, but revisions were rejected${nothing}`);
  const unknown = unknownTables(report, options);
  if (unknown.length > 0) {
    const tables = `${unknown.join(", ")} (--tables: names are case-sensitive)`;
    return style.bad(`${done} ${target}${nothing}, but the export has no revision of ${tables}`);
  }
  return style.good(`${done} ${target}${when}${nothing}`);
}

function placeText({ ledgerName, blocks, resumedAfter, lastBlock }: ReplayReport): string {
  const from = ledgerName === undefined ? "" : ` of ledger ${ledgerName}`;
  const resumed =
    resumedAfter === undefined ? "" : `, after block ${resumedAfter.sequenceNo}, where the checkpoint was`;
  const last =
    lastBlock === undefined
      ? ""
      : `, the last one being ${lastBlock.sequenceNo} of strand ${lastBlock.strandId}`;
  return `${counted(blocks, "block")}${from}${resumed}${last}`;
}

function leftOutText({ leftOut }: ReplayReport): string {
  const others = Object.entries(leftOut.otherTables).map(([name, n]) => `${name} (${count(n)})`);
  const parts = [
    leftOut.bookkeeping === 0
      ? undefined
      : `${counted(leftOut.bookkeeping, "revision")} of a loader's own table`,
    others.length === 0 ? undefined : `revisions of tables not asked for: ${others.join(", ")}`,
    leftOut.systemRevisions === 0
      ? undefined
      : `${counted(leftOut.systemRevisions, "hash", "hashes")} of QLDB's own revisions, which belong to no document`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `left out: ${parts.join("; ")}`;
}

function nextText(report: ReplayReport, manifests: readonly string[], options: ReplayCommandOptions): string {
  if (options.dryRun === true) return "";
  if (!report.complete) return `next: go on${stopAdvice(options)}\n${replayCommand(manifests, options)}`;
  if (!isReplayed(report, options)) return report.rejectedTotal > 0 ? nextAfterRejected(options) : "";
  const { to, mapping, idField, idFields, masking, data, endpoint, region } = options;
  const reconcile = shownCommand(["reconcile", ...manifests], {
    "--ledger": to.channel === undefined ? to.name : "NAME",
    ...shownPart(options),
    "--mapping": mapping,
    // What is sent is loaded by another program, with settings of its own.
    ...(to.channel === undefined
      ? {
          "--id-field": idField,
          "--id-fields": idFields,
          "--masking": masking,
          "--data": data,
          "--endpoint": endpoint,
          "--region": region,
        }
      : {}),
  });
  const when = to.channel === undefined ? "" : `once ${to.channel.consumed}, `;
  return `next: ${when}compare the ledger with the export\n${reconcile}`;
}

function stopAdvice({ checkpoint }: ReplayCommandOptions): string {
  return checkpoint === undefined
    ? " from the beginning; what was applied is skipped. With --checkpoint FILE the next run goes on where it stopped"
    : ", where the checkpoint is";
}

/** The command again, as far as options say what is replayed and where to. */
function replayCommand(manifests: readonly string[], options: ReplayCommandOptions): string {
  const { to, data, endpoint, region, idField, idFields, mapping } = options;
  const { masking, sessions, rejected, checkpoint } = options;
  return shownCommand(["export", "replay", ...manifests], {
    "--to": formatTargetName(to),
    "--data": data,
    ...shownPart(options),
    "--id-field": checkpoint === undefined ? idField : undefined,
    "--id-fields": idFields,
    "--mapping": mapping,
    "--masking": masking,
    "--start-mid-history": options.startMidHistory,
    "--lenient": options.lenient,
    "--no-create-tables": options.createTables === false ? true : undefined,
    "--sessions": sessions,
    "--rejected": rejected,
    "--checkpoint": checkpoint,
    "--run-id": options.runId,
    "--aggregate": options.aggregate,
    "--endpoint": endpoint,
    "--region": region,
  });
}
