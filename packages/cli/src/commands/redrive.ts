// SPDX-License-Identifier: MIT
import { FileLetterBox, type LetterBox } from "@ledger-loader/core";
import { redriveLetters, type RedrivenLetter, type RedriveReport } from "@ledger-loader/move";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { CONNECTION_OPTIONS, CREDENTIALS_NOTE, type ConnectionOptions } from "../ledger/connection";
import { ExitCode } from "../output/exit-code";
import { printable } from "@ledger-loader/errors";
import { counted, indent } from "../output/layout";
import { openMappingFor } from "../options/named-mapping";
import { createLetterDecoder } from "../channels/letter-decoders";
import { openS3Client } from "../channels/open-s3-client";
import { withAwsClient } from "../channels/aws-client";
import { BucketRefusedError } from "../cli-errors";
import { LOADER_SETTING_OPTIONS, SETTINGS_NOTE, type LoaderSettingOptions } from "../options/loader-settings";
import { withLoader } from "../ledger/open-loader";
import { withQueueClient } from "../channels/sqs";
import { SHARD_CHANNELS, type ShardChannel } from "../redrive/shard-channel";
import { withStopSignal } from "../stop-signal";
import type { Style } from "../output/style";
import { withProgress } from "../output/with-progress";

interface RedriveCommandOptions extends ConnectionOptions, LoaderSettingOptions {
  readonly ledger: string;
  readonly dryRun?: true;
  readonly decode?: true;
  readonly channel: ShardChannel;
}

/** Letters that are printed; `--json` has all. */
const LETTERS_SHOWN = 20;

/** `redrive sqs:URL|s3://BUCKET/PREFIX|FILE --ledger NAME` */
export const redrive: AnyCommandBody = command<readonly [letters: string], RedriveCommandOptions>({
  description:
    "Takes letters that a function or worker parked (DEAD_LETTERS), or that a redrive policy of SQS or SNS, a " +
    "rule of EventBridge or Lambda put into a queue. Applied letters are removed. The others stay, with today's " +
    "reason. In a file, where each line is one letter, you may correct the body of a letter " +
    "before.\n\ns3://BUCKET/PREFIX takes invocations that Lambda gave up (the on-failure destination of an event " +
    "source mapping). An object is deleted when all of its records are in the ledger. For records of a Kinesis " +
    "data stream give --channel.\n\nGive the redrive the environment of the function, its writer and masking " +
    "included. Letters of dms, dynamodb and dynamodb-kinesis hold the mapped events too. After a correction of " +
    "letter or mapping, --decode maps the record again, by the function's settings (DMS_MAPPING_FILE, " +
    `DYNAMODB_TABLES and others).\n\n${SETTINGS_NOTE}\n\n${CREDENTIALS_NOTE}`,
  arguments: ["the dead letters: `sqs:QUEUE-URL`, `s3://BUCKET/PREFIX` or a file"],
  options: [
    { flags: "--ledger <name>", description: "the ledger that the events go to", required: true },
    { flags: "--dry-run", description: "print what would change, and write nothing" },
    {
      flags: "--decode",
      description: "map the records of dms, dynamodb and dynamodb-kinesis again",
    },
    {
      flags: "--channel <name>",
      description: "with s3://: the kind of the records of a Kinesis data stream",
      choices: SHARD_CHANNELS,
      default: "kinesis",
    },
    ...LOADER_SETTING_OPTIONS,
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    {
      command: "ledger-loader redrive letters.jsonl --ledger vehicles --dry-run",
      what: "what would be applied, and why others would stay",
    },
    {
      command:
        "ledger-loader redrive sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/letters --ledger vehicles",
      what: "from a queue",
    },
    {
      command: "ledger-loader redrive s3://my-undelivered/aws/lambda/ --ledger vehicles --dry-run",
      what: "what Lambda gave up of a stream",
    },
    {
      command:
        "DMS_SOURCE_ENGINE=mysql DMS_MAPPING_FILE=corrected.json ledger-loader redrive letters.jsonl --ledger vehicles --decode --dry-run",
      what: "what a corrected mapping would change",
    },
  ],
  exits: { holds: "no letter is left", doesNotHold: "letters stay, or it was stopped" },
  async run(context, [letters], options) {
    const report = await withBox(context, letters, options, (box) =>
      redriveInto(context, box, isBucket(letters) ? { ...options, decode: true } : options),
    );
    const dryRun = options.dryRun === true;
    const isDone = report.complete && report.kept + report.unreadable === 0;
    return {
      exitCode: isDone ? ExitCode.holds : ExitCode.doesNotHold,
      document: { ledger: options.ledger, dryRun, ...report },
      text: text(report, dryRun, context.style),
    };
  },
});

async function redriveInto(
  context: CommandContext,
  box: LetterBox,
  options: RedriveCommandOptions,
): Promise<RedriveReport> {
  const { env } = context.terminal;
  const mapping = await openMappingFor(env, options);
  const decode = await createLetterDecoder(env, options.decode === true, mapping);
  const dryRun = options.dryRun === true;
  const destination = { env, options, ledgerName: options.ledger, dryRun, logger: context.log };
  return withLoader(destination, (loader) =>
    withStopSignal(context, (signal) =>
      withProgress(context, dryRun ? "judging" : "redriving", "letters", (onProgress) =>
        redriveLetters({ box, loader, dryRun, decode, signal, onProgress }),
      ),
    ),
  );
}

async function withBox<T>(
  context: CommandContext,
  letters: string,
  { region, channel }: RedriveCommandOptions,
  work: (box: LetterBox) => Promise<T>,
): Promise<T> {
  if (isBucket(letters)) return withBucket(context, letters, channel, work);
  if (!letters.startsWith("sqs:")) return work(new FileLetterBox(letters));
  const queueUrl = letters.slice("sqs:".length);
  return withQueueClient(context.terminal.env, queueUrl, region, async (client) => {
    const { SqsLetterBox } = await import("@ledger-loader/sqs");
    return work(new SqsLetterBox({ client, queueUrl }));
  });
}

/** Nothing keeps the events that the records of a bucket were mapped to. */
function isBucket(letters: string): boolean {
  return letters.startsWith("s3://");
}

async function withBucket<T>(
  { terminal }: CommandContext,
  url: string,
  channel: ShardChannel,
  work: (box: LetterBox) => Promise<T>,
): Promise<T> {
  const { parseBucketUrl } = await import("@ledger-loader/export");
  const { S3LetterBox } =
    // oxlint-disable-next-line typescript/no-require-imports -- import() takes a file's name as it is compiled, which sources do not have
    require("../redrive/s3-letter-box") as typeof import("../redrive/s3-letter-box");
  const { bucket, key: prefix } = parseBucketUrl(url);
  const use = { what: `use the bucket ${bucket}`, check: "its name, AWS_REGION, AWS_ENDPOINT_URL" };
  return withAwsClient(await openS3Client(terminal.env), BucketRefusedError, use, (client) =>
    work(new S3LetterBox({ client, bucket, prefix, channel })),
  );
}

function text(report: RedriveReport, dryRun: boolean, style: Style): string {
  const { letters, applied, needless, kept, unreadable, written, complete } = report;
  const stays = kept + unreadable;
  const verdict =
    stays > 0
      ? style.bad(`${counted(stays, "letter")} ${dryRun ? "would stay" : "stay"}`)
      : style.good("no letter is left");
  const lines = [
    dryRun ? `dry run, nothing was changed: ${verdict}` : verdict,
    `${counted(letters, "letter")}: ${applied} applied (${counted(written, "event")} written), ${needless} needless, ${kept} kept, ${unreadable} unreadable`,
  ];
  const left = report.redriven.filter(({ result }) => result === "kept" || result === "unreadable");
  if (left.length > 0)
    lines.push("", ...left.slice(0, LETTERS_SHOWN).map((each) => indent(letterLine(each))));
  if (left.length > LETTERS_SHOWN) lines.push(indent(`… and ${left.length - LETTERS_SHOWN} more`));
  if (!complete) lines.push("", style.warn("there may be more: redrive again to go on"));
  if (dryRun && applied + needless > 0) lines.push("", "next: run it again without --dry-run");
  return lines.join("\n");
}

function letterLine({ place, origin, reason, detail, waitingFor }: RedrivenLetter): string {
  const what = [place, origin].filter((part) => part !== undefined).join(", ");
  const awaits =
    waitingFor === undefined
      ? ""
      : ` Waits for version ${waitingFor.version} of ${waitingFor.table} ${waitingFor.id}.`;
  return printable(`${what}: ${reason ?? "unreadable"}. ${detail ?? ""}${awaits}`.trimEnd());
}
