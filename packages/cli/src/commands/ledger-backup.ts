// SPDX-License-Identifier: MIT
import type { LedgerBackup } from "@ledger-loader/ledger";
import { formatHash } from "@ledger-loader/ion";
import { formatBlockAddress } from "@ledger-loader/journal";
import { command, type AnyCommandBody } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { bytes, counted, facts } from "../output/layout";
import { JOURNAL_OPTIONS, type JournalOptions } from "../ledger/ledger-journal";
import { backUpLedger } from "../ledger/ledger-backup";
import type { Style } from "../output/style";
import { withProgress } from "../output/with-progress";

interface Options extends JournalOptions {
  readonly output: string;
}

/** `ledger backup NAME --output DIR` */
export const ledgerBackup: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "Writes NAME.ledger. The file gets this name after all of it was verified. Nothing is overwritten. To " +
    "restore, serve the folder with `ledger serve --data DIR`, or move the file into the data folder of a " +
    "stopped server.\n\nDo not copy the files of a data folder while a server runs: the newest blocks are in a " +
    "log (NAME.ledger-wal). The server works meanwhile. The copy ends with the newest block at its start.",
  arguments: ["the ledger"],
  options: [
    { flags: "--output <folder>", description: "the folder, made if it is missing", required: true },
    ...JOURNAL_OPTIONS,
  ],
  examples: [
    {
      command: "ledger-loader ledger backup vehicles --output ./backup-monday",
      what: "of the server of this machine",
    },
    {
      command: "ledger-loader ledger backup vehicles --output ./backup-monday --data ./ledgers",
      what: "while no server runs",
    },
  ],
  exits: {
    holds: "the backup is complete and verified",
    doesNotHold: "the copy does not verify and was not kept",
  },
  async run(context, [name], options) {
    const { terminal, style } = context;
    const backup = await withProgress(context, "verifying", "blocks", (onBlocks) =>
      backUpLedger(terminal, name, options, ({ blocks, blocksTotal }) => {
        onBlocks(blocks, blocksTotal);
      }),
    );
    return {
      exitCode: backup.file === undefined ? ExitCode.doesNotHold : ExitCode.holds,
      document: toDocument(name, backup),
      text: toText(name, backup, style),
    };
  },
});

function toDocument(ledger: string, { file, bytes: size, verification }: LedgerBackup): object {
  const { digest, ...report } = verification;
  const Digest = digest && formatHash(digest.hash);
  const IonText = digest && formatBlockAddress(digest.tipAddress);
  return {
    ledger,
    holds: file !== undefined,
    file,
    bytes: size,
    ...report,
    Digest,
    DigestTipAddress: { IonText },
  };
}

function toText(ledger: string, { file, bytes: size, verification }: LedgerBackup, style: Style): string {
  const { blocks, digest, findings } = verification;
  if (file === undefined) {
    const [first] = findings;
    return [
      `${style.bad(verification.verdict)}: the copy of ledger ${ledger} does not verify and was not kept`,
      facts([["found", `${counted(findings.length, "finding")}; the first: ${first?.message ?? "none"}`]]),
      `next: stop writing to this ledger, keep its files, and run ledger-loader ledger verify ${ledger}`,
    ].join("\n");
  }
  return [
    `${style.good("backed up")} ledger ${ledger}: ${counted(blocks, "block")}, ${bytes(size)}, verified`,
    facts([
      ["file", file],
      ["digest", digest === undefined ? "" : formatHash(digest.hash)],
      ["tip", digest === undefined ? "" : formatBlockAddress(digest.tipAddress)],
    ]),
  ].join("\n");
}
