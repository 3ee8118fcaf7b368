// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { manualPage } from "./manual-page";

/** `man` */
export const man: AnyCommandBody = command<readonly [], object>({
  description: "Prints one page for section 1 of the manual, with every command, option and exit code.",
  examples: [
    { command: "ledger-loader man | man -l -", what: "to read it now" },
    {
      command: "ledger-loader man > ~/.local/share/man/man1/ledger-loader.1",
      what: "for `man ledger-loader`, as this user",
    },
  ],
  exits: { holds: "the page was printed" },
  run(context) {
    const page = manualPage(context.loadTable());
    return Promise.resolve({ exitCode: ExitCode.holds, document: { page }, text: page, isData: true });
  },
});
