// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import {
  CONNECTION_OPTIONS,
  CREDENTIALS_NOTE,
  connectionFrom,
  type ConnectionOptions,
} from "../ledger/connection";
import { type PermissionsMode, withControlPlane } from "../ledger/control-plane";
import { ExitCode } from "../output/exit-code";

interface Options extends ConnectionOptions {
  readonly protect?: true;
  readonly permissionsMode: PermissionsMode;
}

/** `ledger create NAME` */
export const ledgerCreate: AnyCommandBody = command<readonly [name: string], Options>({
  description: CREDENTIALS_NOTE,
  arguments: ["the ledger: 1 to 32 letters, digits and single hyphens"],
  options: [
    {
      flags: "--permissions-mode <mode>",
      description:
        "for servers with credentials. ALLOW_ALL: every statement is allowed. STANDARD: statements need permissions per table",
      choices: ["ALLOW_ALL", "STANDARD"],
      default: "ALLOW_ALL",
    },
    { flags: "--protect", description: "refuse to delete the ledger until `ledger delete --unprotect`" },
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    { command: "ledger-loader ledger create vehicles", what: "on the server of this machine" },
    { command: "ledger-loader ledger create vehicles --protect", what: "not to be deleted by accident" },
  ],
  exits: { holds: "the ledger exists and is empty" },
  async run({ terminal, style }, [name], options) {
    const connection = connectionFrom(options, terminal.env);
    const { permissionsMode } = options;
    const deletionProtection = options.protect === true;
    await withControlPlane(connection, (plane) =>
      plane.create(name, { deletionProtection, permissionsMode }),
    );
    return {
      exitCode: ExitCode.holds,
      document: { ledger: name, endpoint: connection.endpoint, deletionProtection, permissionsMode },
      text: `${style.good("created")} ledger ${name} at ${connection.endpoint}`,
    };
  },
});
