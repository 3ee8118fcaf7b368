// SPDX-License-Identifier: MIT
import { shownCommand } from "./shown-command";
import type { PrintedReport } from "./verification-text";

/** Findings that a damaged or cut file leaves, whoever changed the file. */
const FILE_RULES: ReadonlySet<string> = new Set(["object-content", "object-range", "malformed-block"]);

/** The next step after an export was verified, as it follows from the findings. */
export function nextAfterExport(report: PrintedReport, manifests: readonly string[]): string {
  switch (report.verdict) {
    case "failed":
      return `next: ${afterFailure(report)}`;
    case "not-comparable":
      return `next: ${afterForeignInput(report)}`;
    case "incomplete":
      return `next: ${afterIncomplete(report)}`;
    case "passed": {
      const replay = shownCommand(["export", "replay", ...manifests], { "--to": "ledger:NAME" });
      const digest = "verify against a digest from outside the export (--digest FILE), then replay it";
      return `next: ${report.assurance === "anchored" ? "replay it" : digest}\n${replay}`;
    }
  }
}

function afterFailure({ findings }: PrintedReport): string {
  const failed = findings.filter(({ severity }) => severity === "failed");
  const rules = new Set(failed.map(({ rule }) => rule));
  if (rules.has("object-missing")) {
    return "copy the missing objects from where they were exported to; if they are missing there too, their blocks are lost";
  }
  // Only the first findings are listed: without any, nothing follows from them.
  const areAll = (of: (rule: string) => boolean): boolean => rules.size > 0 && [...rules].every(of);
  if (areAll((rule) => FILE_RULES.has(rule))) {
    return "compare the SHA-256 of the objects above (--json) with the originals; copy those that differ again";
  }
  if (areAll((rule) => rule === "revision-missing")) {
    return "get the objects again from where they were exported to: this copy leaves revisions out that its blocks name; if they are missing there too, they are lost";
  }
  if (areAll((rule) => rule === "digest" || rule === "proof")) {
    return "the export is consistent in itself; check that digest and proofs come from a source that you trust, then treat the export as rewritten";
  }
  return "compare the SHA-256 of the objects above (--json) with the originals; where they are equal, the content was changed before this copy";
}

function afterForeignInput({ findings, strandId }: PrintedReport): string {
  const rules = new Set(
    findings.filter(({ severity }) => severity === "not-comparable").map(({ rule }) => rule),
  );
  if (rules.has("digest") || rules.has("proof")) {
    return `supply a digest and proofs of strand ${strandId ?? "of this export"}, requested together`;
  }
  return "replace the objects named above by those that the export wrote, then verify again";
}

function afterIncomplete({ findings, findingCounts, anchors, range, tally }: PrintedReport): string {
  if (findingCounts["object-missing"] !== undefined) return "copy the missing objects beside the others";
  const last = range?.last ?? -1;
  const newer = anchors.find(
    (anchor) => anchor.status === "unchecked" && anchor.blockAddress.sequenceNo > last,
  );
  if (newer)
    return `add an export that reaches block ${newer.blockAddress.sequenceNo}, or supply an older digest`;
  if (anchors.some(({ status }) => status === "unchecked")) {
    return "add the earlier exports from block 0 on, or supply a proof of the last block (--proof FILE)";
  }
  if (tally.unrecomputed > 0)
    return "verify an export of the same blocks with OutputFormat ION_TEXT or ION_BINARY";
  return afterUncheckedContent({ findings, anchors });
}

/** The next step where all that is missing is content that was never there to check. */
export function afterUncheckedContent({
  findings,
  anchors,
}: Pick<PrintedReport, "findings" | "anchors">): string {
  const open = findings.filter(({ severity }) => severity === "incomplete");
  if (open.length === 0 || open.some(({ rule }) => rule !== "unchecked-content")) {
    return "decide whether the part that could not be checked, named above, matters to you";
  }
  const asWritten = "nothing is to be mended: no other copy of these blocks holds that content";
  return anchors.length > 0
    ? asWritten
    : `${asWritten}; verify against a digest that was kept (--digest FILE)`;
}
