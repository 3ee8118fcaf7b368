// SPDX-License-Identifier: MIT
import {
  type JournalExport,
  type NamedPartial,
  type PartialVerification,
  type SequenceRange,
  type VerifyPartOptions,
  parsePartial,
  verifyPart,
} from "@ledger-loader/export";
import { readNamedFile, writeNamedFile } from "../files";
import type { CommandContext, CommandOutput } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { counted, facts, indent } from "../output/layout";
import { shownCommand } from "../output/shown-command";
import { withProgress } from "../output/with-progress";

/** Verifies a range by itself and writes the file that joining takes. */
export async function writePartial(
  context: CommandContext,
  source: JournalExport,
  {
    path,
    blocks,
    ...anchors
  }: { readonly path: string; readonly blocks: Partial<SequenceRange> } & VerifyPartOptions,
): Promise<CommandOutput> {
  const partial = await withProgress(context, "verifying", "bytes", (onBytes) =>
    verifyPart(source, blocks, {
      ...anchors,
      onProgress: ({ bytes, totalBytes }) => {
        onBytes(bytes, totalBytes);
      },
    }),
  );
  await writeNamedFile(path, "the partial verification", `${JSON.stringify(partial)}\n`);
  const failed = failedIn(partial);
  const { objects, range, blocks: count } = partial.part;
  return {
    exitCode: failed > 0 ? ExitCode.doesNotHold : ExitCode.holds,
    document: { partial: path, objects, range, blocks: count, failedFindings: failed },
    text: partialText(partial, path, failed, context),
  };
}

/** Reads files that `--partial` wrote. */
export async function readPartials(paths: readonly string[]): Promise<NamedPartial[]> {
  const partials: NamedPartial[] = [];
  for (const place of paths) {
    const json = Buffer.from(await readNamedFile(place, "a partial verification")).toString("utf8");
    partials.push({ place, partial: parsePartial(json, place) });
  }
  return partials;
}

/** Evidence that lies within the part. What depends on other parts is found when they are joined. */
function failedIn({ part: { before, opening, after } }: PartialVerification): number {
  const opened = opening?.alone.findings.filter(({ severity }) => severity === "failed") ?? [];
  return before.totals.failed + opened.length + after.totals.failed;
}

function partialText(
  partial: PartialVerification,
  path: string,
  failed: number,
  { style }: CommandContext,
): string {
  const { objects, range, blocks } = partial.part;
  const verdict =
    failed > 0 ? style.bad(`${counted(failed, "check")} failed in this part`) : "nothing failed in this part";
  const here = objects.to - objects.from;
  return [
    `${verdict}: the verdict comes when all parts are joined`,
    indent(
      facts([
        ["strand", partial.export.strandId],
        ["blocks", range === undefined ? "none" : `${blocks} (${range.first} to ${range.last})`],
        [
          "objects",
          here === 0
            ? "none begins with one of these blocks: another part has them"
            : `${here} of ${partial.export.objects}`,
        ],
        ["written", path],
      ]),
    ),
    `next: verify the other ranges, then join the files of all\n${shownCommand(["export", "verify", "--join", path, "FILE..."])}`,
  ].join("\n\n");
}
