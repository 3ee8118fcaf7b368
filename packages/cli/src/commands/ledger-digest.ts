// SPDX-License-Identifier: MIT
import { command, type AnyCommandBody } from "../options/command-spec";
import { CONNECTION_OPTIONS, connectionFrom, type ConnectionOptions } from "../ledger/connection";
import { withControlPlane } from "../ledger/control-plane";
import { ExitCode } from "../output/exit-code";
import { facts } from "../output/layout";

/** `ledger digest NAME` */
export const ledgerDigest: AnyCommandBody = command<readonly [name: string], ConnectionOptions>({
  description:
    "Keep the digest where the writers of the ledger cannot change it. An export that matches the digest is " +
    "unchanged up to the digest's tip. `export verify --digest` reads the output of `--json`.",
  arguments: ["the ledger"],
  options: CONNECTION_OPTIONS,
  examples: [
    { command: "ledger-loader ledger digest vehicles", what: "to read" },
    { command: "ledger-loader ledger digest vehicles --json > digest.json", what: "to keep" },
  ],
  exits: { holds: "the digest was printed" },
  async run({ terminal }, [name], options) {
    const connection = connectionFrom(options, terminal.env);
    const { Digest: digest, DigestTipAddress: tip } = await withControlPlane(connection, (plane) =>
      plane.digest(name),
    );
    const base64 = Buffer.from(digest ?? []).toString("base64");
    const tipAddress = tip?.IonText ?? "";
    return {
      exitCode: ExitCode.holds,
      document: { Digest: base64, DigestTipAddress: { IonText: tipAddress } },
      text: facts([
        ["digest", base64],
        ["tip", tipAddress],
      ]),
    };
  },
});
