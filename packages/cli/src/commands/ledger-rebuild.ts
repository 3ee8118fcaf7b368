// SPDX-License-Identifier: MIT
import type { LedgerRebuild, LedgerVerification } from "@ledger-loader/ledger";
import { withStore } from "../ledger/ledger-journal";
import { POSTGRES_OPTION } from "../ledger/ledger-place";
import { command, type AnyCommandBody } from "../options/command-spec";
import { ExitCode, exitCodeOf } from "../output/exit-code";
import { counted, indent } from "../output/layout";
import type { Style } from "../output/style";
import { findingLines } from "../output/verification-text";
import { withProgress } from "../output/with-progress";

interface Options {
  readonly data?: string;
  readonly postgres?: string;
}

/** `ledger rebuild NAME --data DIR | --postgres URL` */
export const ledgerRebuild: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "Use this command when `ledger verify` reports `derived-state`: the journal is sound, but current documents, " +
    "history, indexes or hash tree are not.\n\nThe command verifies the journal first, and changes nothing if it " +
    "fails. Blocks, ids, digests and tags stay. Stop the server of a data folder before. Commits of servers on a " +
    "database wait.",
  arguments: ["the ledger"],
  options: [
    { flags: "--data <folder>", description: "the data folder of a stopped server" },
    POSTGRES_OPTION,
  ],
  examples: [
    { command: "ledger-loader ledger rebuild vehicles --data ./ledgers", what: "while no server runs" },
  ],
  exits: {
    holds: "rebuilt, and the ledger verifies",
    doesNotHold: "not rebuilt: the journal fails verification",
    incomplete: "rebuilt: redacted content could not be checked",
  },
  async run(context, [name], options) {
    const rebuild = await withProgress(context, "verifying", "blocks", (onBlocks) => {
      const onProgress = ({ blocks, blocksTotal }: { blocks: number; blocksTotal: number }): void => {
        onBlocks(blocks, blocksTotal);
      };
      return withStore(options, (store) => store.rebuildLedger(name, { onProgress }), { readOnly: false });
    });
    return {
      exitCode: rebuild.after === undefined ? ExitCode.doesNotHold : exitCodeOf(rebuild.after.verdict),
      document: { ledger: name, rebuilt: rebuild.after !== undefined, ...toDocument(rebuild) },
      text: toText(name, rebuild, context.style),
    };
  },
});

function toDocument({ before, after }: LedgerRebuild): object {
  const { verdict, assurance, blocks, findings } = after ?? before;
  return { verdict, assurance, blocks, findings, mended: after === undefined ? [] : derivedFindings(before) };
}

function derivedFindings({ findings }: LedgerVerification): LedgerVerification["findings"] {
  return findings.filter(({ rule }) => rule === "derived-state");
}

function toText(name: string, { before, after }: LedgerRebuild, style: Style): string {
  if (after === undefined) {
    const headline = `${style.bad("not rebuilt")} ledger ${name}: its journal fails verification`;
    const next = "next: keep its files, and restore the ledger from a backup or an export that verifies";
    return [headline, lines(before.findings, style), next].join("\n\n");
  }
  const headline = `${style.good("rebuilt")} ledger ${name}: ${counted(after.blocks, "block")}, ${after.verdict}`;
  const mended = derivedFindings(before);
  if (mended.length === 0) return `${headline}\n\nThe state before was the same.`;
  return [headline, `mended:\n${lines(mended, style)}`].join("\n\n");
}

function lines(findings: LedgerVerification["findings"], style: Style): string {
  return indent(findings.flatMap((finding) => findingLines(finding, style)).join("\n"));
}
