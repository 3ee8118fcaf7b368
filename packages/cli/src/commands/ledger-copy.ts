// SPDX-License-Identifier: MIT
import { formatHash } from "@ledger-loader/ion";
import { formatBlockAddress } from "@ledger-loader/journal";
import { LedgerStore, type LedgerVerification } from "@ledger-loader/ledger";
import { parsePlace, requireLedgerFolder } from "../ledger/ledger-place";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { counted, facts } from "../output/layout";

interface Options {
  readonly from: string;
  readonly to: string;
}

/** `ledger copy NAME --from PLACE --to PLACE` */
export const ledgerCopy: AnyCommandBody = command<readonly [name: string], Options>({
  description:
    "A place is a data folder, or the URL of a PostgreSQL database. The copy has the name, the strand and the " +
    "digest of the original, but no tags that were set later.\n\nStop the server of a data folder first. Commits " +
    "after the start are not in the copy.",
  arguments: ["the ledger"],
  options: [
    { flags: "--from <place>", description: "the place of the ledger", required: true },
    {
      flags: "--to <place>",
      description: "the place of the copy. A folder is made if it is missing",
      required: true,
    },
  ],
  examples: [
    {
      command:
        "ledger-loader ledger copy vehicles --from ./ledgers --to postgres://ledger@db.example.com/ledgers",
      what: "from a data folder into PostgreSQL",
    },
  ],
  exits: { holds: "the copy is complete and verified" },
  async run(context, [name], { from, to }) {
    const verification = await copy(context, name, from, to);
    return {
      exitCode: ExitCode.holds,
      document: { ledger: name, ...toDigest(verification), blocks: verification.blocks },
      text: toText(context, name, verification),
    };
  },
});

async function copy(
  context: CommandContext,
  name: string,
  from: string,
  to: string,
): Promise<LedgerVerification> {
  const source = parsePlace(from);
  if (source.dataFolder !== undefined) await requireLedgerFolder(source.dataFolder);
  const progress = context.progress("verifying", "blocks");
  const original = await LedgerStore.open({ ...source, readOnly: true });
  try {
    // Where there is no such ledger, nothing is made at the other place either.
    const ledger = await original.open(name);
    const target = await LedgerStore.open(parsePlace(to));
    try {
      return await target.copyLedger(ledger, {
        onProgress: ({ blocks, blocksTotal }) => {
          progress.update(blocks, blocksTotal);
        },
      });
    } finally {
      await target.close();
    }
  } finally {
    progress.finish();
    await original.close();
  }
}

function toDigest({ digest }: LedgerVerification): object {
  if (digest === undefined) return {};
  return {
    Digest: formatHash(digest.hash),
    DigestTipAddress: { IonText: formatBlockAddress(digest.tipAddress) },
  };
}

function toText({ style }: CommandContext, name: string, { blocks, digest }: LedgerVerification): string {
  const copied = `${style.good("copied")} ledger ${name}: ${counted(blocks, "block")}, verified`;
  if (digest === undefined) return copied;
  return [
    copied,
    facts([
      ["digest", formatHash(digest.hash)],
      ["tip", formatBlockAddress(digest.tipAddress)],
    ]),
  ].join("\n");
}
