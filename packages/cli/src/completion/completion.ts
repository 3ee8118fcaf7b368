// SPDX-License-Identifier: MIT
import { UsageError } from "../cli-errors";
import { completionPlaces } from "./completion-tree";
import { completionScript, SHELLS } from "./completion-script";
import { command, type AnyCommandBody } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { PROGRAM } from "../program-name";

/** `completion SHELL` */
export const completion: AnyCommandBody = command<readonly [shell: string], object>({
  description: "The script completes with Tab, and starts no program while you type.",
  arguments: [`the shell: ${SHELLS.join(", ")}`],
  examples: [
    {
      command: "ledger-loader completion bash > ~/.local/share/bash-completion/completions/ledger-loader",
      what: "for bash, in new terminals",
    },
    { command: "ledger-loader completion zsh > _ledger-loader", what: "a file for a folder of zsh’s $fpath" },
    {
      command: "ledger-loader completion fish > ledger-loader.fish",
      what: "a file for ~/.config/fish/completions",
    },
  ],
  exits: { holds: "the script was printed" },
  run(context, [name]) {
    const shell = SHELLS.find((each) => each === name);
    if (shell === undefined)
      throw new UsageError(`expected ${SHELLS.join(", ")} as the shell, found ${name}`);
    const places = completionPlaces(context.loadTable());
    const script = completionScript(shell, PROGRAM, places);
    return Promise.resolve({
      exitCode: ExitCode.holds,
      document: { shell, script },
      text: script,
      isData: true,
    });
  },
});
