// SPDX-License-Identifier: MIT
import { addAccessKey, type AccessLevel } from "@ledger-loader/ledger";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandBody } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { facts } from "../output/layout";

interface Options {
  readonly user: string;
  readonly access: AccessLevel;
  readonly ledger?: readonly string[];
}

/** `ledger add-key FILE` */
export const ledgerAddKey: AnyCommandBody = command<readonly [file: string], Options>({
  description:
    "Makes the file if it is missing, readable for its owner only, and prints the new key once. A running server " +
    "reads the file again at SIGHUP.\n\nPermissions are IAM policy statements, as for QLDB: edit the file to " +
    "change them. --access read and write restrict statements in ledgers of the permissions mode STANDARD only.",
  arguments: ["the credentials file, in JSON"],
  options: [
    {
      flags: "--user <name>",
      description: "the key's owner",
      default: "admin",
      parse: userName,
    },
    {
      flags: "--access <level>",
      description:
        "full: everything. write: documents, tables and indexes. read: documents, history and the journal",
      choices: ["full", "write", "read"],
      default: "full",
    },
    {
      flags: "--ledger <name>",
      description: "a ledger that the key is for. Default: every ledger",
      repeatable: true,
    },
  ],
  examples: [
    { command: "ledger-loader ledger add-key keys.json", what: "a key for everything" },
    {
      command: "ledger-loader ledger add-key keys.json --user loader --access write --ledger vehicles",
      what: "a key for a loader of one ledger",
    },
  ],
  exits: { holds: "the key is in the file" },
  async run({ style }, [file], { user, access, ledger }) {
    const key = await addAccessKey(file, {
      userName: user,
      level: access,
      ...(ledger === undefined ? {} : { ledgerNames: ledger }),
    });
    return {
      exitCode: ExitCode.holds,
      document: { file, user, ...key },
      text: [
        `${style.good("added")} a key of ${user} to ${file}. Set these variables where a client runs:`,
        facts([
          ["AWS_ACCESS_KEY_ID", key.accessKeyId],
          ["AWS_SECRET_ACCESS_KEY", key.secretAccessKey],
        ]),
      ].join("\n"),
    };
  },
});

function userName(text: string): string {
  if (/^[\w+=,.@-]{1,64}$/.test(text)) return text;
  throw new UsageError(
    `expected --user to be 1 to 64 letters, digits and +=,.@_-, found ${JSON.stringify(text)}`,
  );
}
