// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import { CONNECTION_OPTIONS, connectionFrom, type ConnectionOptions } from "../ledger/connection";
import { withControlPlane } from "../ledger/control-plane";
import { ExitCode } from "../output/exit-code";
import { facts } from "../output/layout";

/** `ledger describe NAME` */
export const ledgerDescribe: AnyCommandBody = command<readonly [name: string], ConnectionOptions>({
  arguments: ["the ledger"],
  options: CONNECTION_OPTIONS,
  examples: [{ command: "ledger-loader ledger describe vehicles --json", what: "as JSON" }],
  exits: { holds: "the ledger exists" },
  async run({ terminal }, [name], options) {
    const connection = connectionFrom(options, terminal.env);
    const ledger = await withControlPlane(connection, (plane) => plane.describe(name));
    const document = {
      name: ledger.Name,
      arn: ledger.Arn,
      state: ledger.State,
      created: ledger.CreationDateTime?.toISOString(),
      permissionsMode: ledger.PermissionsMode,
      deletionProtection: ledger.DeletionProtection,
      endpoint: connection.endpoint,
    };
    return {
      exitCode: ExitCode.holds,
      document,
      text: facts([
        ["name", document.name],
        ["state", document.state],
        ["created", document.created],
        ["protected", document.deletionProtection === true ? "yes, it cannot be deleted" : "no"],
        ["arn", document.arn],
      ]),
    };
  },
});
