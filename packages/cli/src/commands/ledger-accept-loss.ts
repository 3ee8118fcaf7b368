// SPDX-License-Identifier: MIT
import type { AcceptedLoss } from "@ledger-loader/ledger";
import { withStore } from "../ledger/ledger-journal";
import { command, type AnyCommandBody } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { facts } from "../output/layout";

interface Options {
  readonly data: string;
}

/** `ledger accept-loss NAME --data DIR` */
export const ledgerAcceptLoss: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "A server refuses a ledger that lacks acknowledged commits, because its log was lost or damaged " +
    "(COMMITS_MISSING). Put the log back or restore a backup if you can. After this command the journal " +
    "continues where it ends, and `ledger verify --data` reports the loss. Digests of the lost blocks no longer " +
    "match. The damaged log stays as NAME.ledger-wal.lost-FIRST-LAST until a redaction.",
  arguments: ["the ledger"],
  options: [
    {
      flags: "--data <folder>",
      description: "the data folder of a stopped server",
      required: true,
    },
  ],
  examples: [
    {
      command: "ledger-loader ledger accept-loss vehicles --data ./ledgers",
      what: "after the log could not be restored",
    },
  ],
  exits: { holds: "the ledger can be opened, or lacked no commit" },
  async run({ style }, [name], options) {
    const accept = (loss: AcceptedLoss | undefined): string =>
      loss === undefined
        ? `${style.good("nothing to accept")}: ledger ${name} lacks no acknowledged commit`
        : [`${style.warn("accepted")} the loss in ledger ${name}`, facts(toFacts(loss))].join("\n");
    const loss = await withStore(options, (store) => store.acceptLoss(name), { readOnly: false });
    return { exitCode: ExitCode.holds, document: { ledger: name, loss: loss ?? null }, text: accept(loss) };
  },
});

function toFacts({ journalEnd, lastBlock, lastBlockTime }: AcceptedLoss): [string, string][] {
  return [
    ["lost", `blocks ${journalEnd + 1} to ${lastBlock}`],
    ["up to", new Date(lastBlockTime).toISOString()],
    ["journal", journalEnd < 0 ? "no block is left" : `ends with block ${journalEnd}`],
  ];
}
