// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import { CONNECTION_OPTIONS, connectionFrom, type ConnectionOptions } from "../ledger/connection";
import { withControlPlane } from "../ledger/control-plane";
import { ExitCode } from "../output/exit-code";
import { table } from "../output/layout";

/** `ledger list` */
export const ledgerList: AnyCommandBody = command<readonly [], ConnectionOptions>({
  options: CONNECTION_OPTIONS,
  examples: [{ command: "ledger-loader ledger list", what: "of the server of this machine" }],
  exits: { holds: "the list is complete" },
  async run({ terminal }, _args, options) {
    const connection = connectionFrom(options, terminal.env);
    const ledgers = await withControlPlane(connection, (plane) => plane.list());
    const found = ledgers.map((ledger) => ({
      name: ledger.Name ?? "",
      state: ledger.State ?? "",
      created: ledger.CreationDateTime?.toISOString() ?? "",
    }));
    return {
      exitCode: ExitCode.holds,
      document: { endpoint: connection.endpoint, ledgers: found },
      text:
        found.length === 0
          ? `no ledgers at ${connection.endpoint}`
          : table(
              [{ heading: "LEDGER" }, { heading: "STATE" }, { heading: "CREATED" }],
              found.map((ledger) => [ledger.name, ledger.state, ledger.created]),
            ),
    };
  },
});
