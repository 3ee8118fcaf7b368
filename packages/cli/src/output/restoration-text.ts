// SPDX-License-Identifier: MIT
import { printable } from "@ledger-loader/errors";
import { formatHash } from "@ledger-loader/ion";
import { formatBlockAddress } from "@ledger-loader/journal";
import type { LedgerRestoration, MadeUpId, RestoredLedger } from "@ledger-loader/ledger";
import { count, counted, facts, indent, table } from "./layout";
import type { Style } from "./style";
import { type VerifiedSubject, verificationText } from "./verification-text";

/** Gaps and made-up ids that are printed; `--json` has more. */
const SHOWN = 20;

/** The result of restoring a ledger, as people read it. */
export function restorationText(
  ledger: string,
  { report, restored }: LedgerRestoration,
  subject: VerifiedSubject,
  style: Style,
): string {
  const verification = verificationText(report, subject, style);
  if (restored === undefined) {
    const what = "the export is not sound or lacks blocks, so nothing was changed";
    return [`${style.bad("not restored")} ledger ${ledger}: ${what}`, verification].join("\n\n");
  }
  const parts = [
    headline(ledger, restored, style),
    indent(factsText(restored)),
    madeUpText(restored, style),
    unusedText(restored, style),
    gapsText(restored, style),
    `${style.bold("The export that was read")}: ${verification}`,
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

function headline(ledger: string, { blocksBefore, blocks }: RestoredLedger, style: Style): string {
  return blocksBefore === 0
    ? `${style.good("restored")} ledger ${ledger}: ${counted(blocks, "block")}`
    : `${style.good("extended")} ledger ${ledger} by ${counted(blocks - blocksBefore, "block")}, ${count(blocks)} in all`;
}

function factsText({ digest, redactions }: RestoredLedger): string {
  return facts([
    ["digest", formatHash(digest.hash)],
    ["tip", formatBlockAddress(digest.tipAddress)],
    ["redactions", redactions === 0 ? undefined : `${count(redactions)} recorded in these blocks, applied`],
  ]);
}

function madeUpText({ notes }: RestoredLedger, style: Style): string | undefined {
  const { madeUpIds } = notes;
  if (madeUpIds.length === 0) return undefined;
  const rows = madeUpIds.slice(0, SHOWN).map(({ tableName, field, id }) => [tableName, field ?? "", id]);
  const lines = [indent(table([{ heading: "TABLE" }, { heading: "INDEX ON" }, { heading: "ID" }], rows))];
  if (madeUpIds.length > SHOWN) lines.push(indent(`… and ${count(madeUpIds.length - SHOWN)} more`));
  return [`${style.bold("Made-up ids")}, because no block tells them`, ...lines].join("\n");
}

function unusedText({ unusedIds }: RestoredLedger, style: Style): string | undefined {
  if (unusedIds.length === 0) return undefined;
  const lines = unusedIds.map(({ tableName, field, id }) => {
    const what = field === undefined ? `table ${tableName}` : `an index on ${field} of table ${tableName}`;
    return indent(printable(`${id}: these blocks create no ${what}`));
  });
  return [style.bad("Ids that were given and not used"), ...lines].join("\n");
}

function gapsText({ notes }: RestoredLedger, style: Style): string | undefined {
  const { gaps, gapCount } = notes;
  if (gapCount === 0) return undefined;
  const lines = gaps
    .slice(0, SHOWN)
    .map(({ sequenceNo, message }) => indent(`block ${sequenceNo}: ${printable(message)}`));
  if (gapCount > SHOWN) lines.push(indent(`… and ${count(gapCount - SHOWN)} more`));
  return [`${style.bold("Not derived")} from the blocks, which hold all of it`, ...lines].join("\n");
}

/** The JSON document of a restored ledger; `null` where nothing was changed. */
export function restoredDocument(restored: RestoredLedger | undefined): object | null {
  if (restored === undefined) return null;
  const { digest, notes, unusedIds, ...numbers } = restored;
  return {
    ...numbers,
    Digest: formatHash(digest.hash),
    DigestTipAddress: { IonText: formatBlockAddress(digest.tipAddress) },
    madeUpIds: notes.madeUpIds.map(({ tableName, field, id }: MadeUpId) => ({ tableName, field, id })),
    unusedIds,
    gaps: notes.gaps,
    gapCount: notes.gapCount,
  };
}
