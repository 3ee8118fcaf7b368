// SPDX-License-Identifier: MIT
import { REJECT_REASONS, type RejectReason } from "@ledger-loader/core";
import type { RejectedEvent, TallyReport } from "@ledger-loader/move";
import { count, counted, indent, rate, table, type Column } from "./layout";
import type { LoadingOptions } from "../options/loading-options";
import { formatTargetName } from "../channels/target-name";
import { printable } from "@ledger-loader/errors";
import { shownCommand } from "./shown-command";
import type { Style } from "./style";

/** Rejected events that are printed; a report file or `--json` has more. */
const REJECTED_SHOWN = 10;

const ID_FIELD_HINT =
  "hint: the documents have the id field already, as after an earlier load: --id-field NAME keeps the ids in another one";

/** The outcome of events, as people read it: the counts, each table, each reason, the first rejected events. */
export function tallyText(
  tally: TallyReport,
  elapsedMs: number,
  style: Style,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): string {
  const written = dryRun ? "would be written" : "written";
  const parts = [summaryLine(tally, elapsedMs, written)];
  if (tally.tables.length > 0) parts.push(indent(tablesText(tally, written.toUpperCase())));
  if (tally.split > 0) parts.push(splitText(tally.split));
  if (tally.rejectedTotal > 0) parts.push(rejectedText(tally, style));
  return parts.join("\n\n");
}

/** The next step for rejected events: load those that were written to a file, or all once more. */
export function nextAfterRejected({ rejected, to, data, endpoint, region }: LoadingOptions): string {
  if (rejected === undefined) {
    return "next: correct what is named above and run it again; what was applied is skipped. With --rejected FILE the events are kept";
  }
  const target = { "--to": formatTargetName(to), "--data": data, "--endpoint": endpoint, "--region": region };
  return `next: correct the events in ${rejected} and load them\n${shownCommand(["load", rejected], target)}`;
}

function splitText(n: number): string {
  return (
    `${counted(n, "source transaction was", "source transactions were")} spread over several transactions: the ledger ` +
    "allows no more documents in one, or merges changes of one record in one"
  );
}

function summaryLine(tally: TallyReport, elapsedMs: number, written: string): string {
  const speed = rate(tally.events, elapsedMs, "events");
  const ends = [
    tally.published > 0 ? `${count(tally.published)} sent to the channel` : undefined,
    tally.written > 0 ? `${count(tally.written)} ${written}` : undefined,
    ...Object.entries(tally.skipped).map(([reason, n]) => `${count(n)} skipped (${reason})`),
    tally.rejectedTotal > 0 ? `${count(tally.rejectedTotal)} rejected` : undefined,
  ].filter((end) => end !== undefined);
  const total = counted(tally.events, "event");
  return `${total}: ${ends.length === 0 ? "nothing to do" : ends.join(", ")}${speed === undefined ? "" : ` (${speed})`}`;
}

function tablesText({ tables, published }: TallyReport, written: string): string {
  const columns: Column[] = [
    { heading: "TABLE" },
    { heading: published > 0 ? "SENT" : written, align: "right" },
    ...(published > 0 ? [] : [{ heading: "SKIPPED", align: "right" } as const]),
    { heading: "REJECTED", align: "right" },
  ];
  return table(
    columns,
    tables.map((t) => [
      t.table,
      count(published > 0 ? t.published : t.written),
      ...(published > 0 ? [] : [count(t.skipped)]),
      count(t.rejected),
    ]),
  );
}

function rejectedText(tally: TallyReport, style: Style): string {
  const reasons = Object.entries(tally.rejected) as [RejectReason, number][];
  const lines = reasons.map(
    ([reason, n]) => `${style.bad(reason)}: ${counted(n, "event")}. ${REJECT_REASONS[reason]}`,
  );
  const shown = tally.rejectedEvents.slice(0, REJECTED_SHOWN).map(rejectedLine);
  const more = tally.rejectedTotal - shown.length;
  if (more > 0) shown.push(`… and ${count(more)} more`);
  if (tally.rejected["id-field-conflict"] !== undefined) shown.push("", ID_FIELD_HINT);
  return [
    style.bold("Rejected"),
    ...lines.map((line) => indent(line)),
    "",
    ...shown.map((line) => indent(line)),
  ].join("\n");
}

function rejectedLine({ place, table: name, id, version, reason, detail }: RejectedEvent): string {
  const what = [name, id, version === undefined ? undefined : `version ${version}`].filter(
    (part) => part !== undefined,
  );
  return printable(`${[place, ...what].join(", ")}: ${reason}. ${detail}`);
}
