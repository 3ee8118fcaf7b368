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
    "A server refuses a ledger whose log was lost or damaged, because commits that it has acknowledged are missing " +
    "(COMMITS_MISSING). Put the log back or restore a backup if you can. This command is for the case that the commits are " +
    "gone for good: the journal goes on at the block where it ends. The ledger keeps a record of the loss, which " +
    "`ledger verify --data` reports. Digests of the lost blocks no longer match. The damaged log is kept next to the ledger's " +
    "file as NAME.ledger-wal.lost-FIRST-LAST, until a redaction or the deletion of the ledger removes it.",
  arguments: ["the ledger"],
  options: [
    {
      flags: "--data <folder>",
      description: "the data folder of a server that is not running",
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
