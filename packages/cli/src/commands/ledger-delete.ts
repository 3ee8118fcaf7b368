// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import { CONNECTION_OPTIONS, connectionFrom, type ConnectionOptions } from "../ledger/connection";
import { withControlPlane } from "../ledger/control-plane";
import { ExitCode } from "../output/exit-code";

interface Options extends ConnectionOptions {
  readonly unprotect?: true;
}

/** `ledger delete NAME` */
export const ledgerDelete: AnyCommandBody = command<readonly [name: string], Options>({
  arguments: ["the ledger"],
  options: [{ flags: "--unprotect", description: "remove the protection first" }, ...CONNECTION_OPTIONS],
  examples: [
    { command: "ledger-loader ledger delete vehicles", what: "refused while the ledger is protected" },
  ],
  exits: { holds: "the ledger is gone" },
  async run({ terminal, style }, [name], options) {
    const connection = connectionFrom(options, terminal.env);
    await withControlPlane(connection, (plane) => plane.delete(name, options.unprotect === true));
    return {
      exitCode: ExitCode.holds,
      document: { ledger: name, endpoint: connection.endpoint, deleted: true },
      text: `${style.good("deleted")} ledger ${name} at ${connection.endpoint}`,
    };
  },
});
