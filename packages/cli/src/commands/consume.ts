// SPDX-License-Identifier: MIT
import {
  createLoader,
  FileDeadLetterSink,
  parkFailures,
  retryOutages,
  TableMapperRevisionWriter,
  type DeadLetterSink,
  type Ledger,
  type Loader,
} from "@ledger-loader/core";
import { createKinesisConsumer, decodeQldbStreamRecord, FileCheckpointStore } from "@ledger-loader/kinesis";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandSpec, type CommandContext } from "../command-spec";
import { connectionFrom, CONNECTION_OPTIONS, CREDENTIALS_NOTE, type ConnectionOptions } from "../connection";
import { ExitCode } from "../exit-code";
import { counted } from "../layout";
import { ID_FIELD_OPTIONS, type IdFieldOptions } from "../loading-options";
import { withLedger } from "../open-ledger";
import { readIdFields } from "../open-target";
import { time, wholeNumber } from "../parse-options";
import { withQueueClient } from "../queue-client";
import { withStopSignal } from "../stop-signal";
import { withStreamClient } from "../stream-client";

interface ConsumeOptions extends ConnectionOptions, IdFieldOptions {
  readonly ledger: string;
  readonly checkpoint: string;
  readonly deadLetters: string;
  readonly qldbStream?: true;
  readonly from?: Date;
  readonly parkAfter: number;
  readonly createTables: boolean;
  readonly startMidHistory?: true;
  readonly sessions: number;
}

/** What became of the events so far. */
interface ConsumeCounts {
  written: number;
  skipped: number;
  parked: number;
}

/** `consume kinesis:STREAM --ledger NAME` */
export const consume: AnyCommandSpec = command<readonly [source: string], ConsumeOptions>({
  path: ["consume"],
  summary: "Loads what arrives in a Kinesis data stream into a ledger, until it is stopped",
  description:
    "Reads every shard from where the checkpoint is, parents before children, and goes on as records arrive. An outage of the ledger " +
    "is waited out. What can never be applied is parked at once, and what has to wait for another revision after --park-after; " +
    "`redrive` applies it later. Stop it with Ctrl-C or SIGTERM: what is under way is completed, and the next run with the same " +
    "checkpoint goes on behind it. Several processes on one machine that share a checkpoint file share the shards.\n\n" +
    CREDENTIALS_NOTE,
  arguments: [{ name: "<source>", description: "the stream: `kinesis:STREAM-NAME`" }],
  options: [
    { flags: "--ledger <name>", description: "the ledger that the events go to", required: true },
    {
      flags: "--checkpoint <file>",
      description: "keeps how far each shard was read; it is made if it is not there",
      required: true,
    },
    {
      flags: "--dead-letters <place>",
      description: "where to park what cannot be applied: `sqs:QUEUE-URL` or a file",
      required: true,
    },
    { flags: "--qldb-stream", description: "the records are those of a ledger's journal stream" },
    {
      flags: "--from <time>",
      description: "begin in shards without a checkpoint at this time; else with the oldest record",
      parse: time("--from"),
    },
    {
      flags: "--park-after <seconds>",
      description: "how long a revision may wait for the one before it",
      default: 3_600,
      parse: wholeNumber("--park-after", 0),
    },
    ...ID_FIELD_OPTIONS,
    { flags: "--no-create-tables", description: "park events of tables that are missing or lack the index" },
    {
      flags: "--start-mid-history",
      description: "accept records whose first event has a version above 0; the start is recorded",
    },
    {
      flags: "--sessions <number>",
      description: "transactions at a time",
      default: 4,
      parse: wholeNumber("--sessions", 1, 1_500),
    },
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    {
      command:
        "ledger-loader consume kinesis:journal --qldb-stream --ledger copy --checkpoint copy.checkpoint --dead-letters copy.letters",
      what: "keeps a copy of a ledger that is streamed to Kinesis",
    },
  ],
  exits: { holds: "it was stopped, and nothing was parked", doesNotHold: "something was parked" },
  async run(context, [source], options) {
    const streamName = parseSource(source);
    const counts: ConsumeCounts = { written: 0, skipped: 0, parked: 0 };
    await consumeInto(context, streamName, options, counts);
    const { written, skipped, parked } = counts;
    const { style } = context;
    return {
      exitCode: parked === 0 ? ExitCode.holds : ExitCode.doesNotHold,
      document: { source, ledger: options.ledger, ...counts },
      text: [
        `stopped: ${counted(written, "event")} written, ${skipped} in the ledger already`,
        parked === 0
          ? style.good("nothing was parked")
          : style.bad(
              `${counted(parked, "record")} parked: ledger-loader redrive ${options.deadLetters} --ledger ${options.ledger}`,
            ),
      ].join("\n"),
    };
  },
});

function parseSource(source: string): string {
  const [, streamName] = /^kinesis:([\w.-]{1,128})$/.exec(source) ?? [];
  if (streamName !== undefined) return streamName;
  throw new UsageError(
    `expected the source to be kinesis:STREAM-NAME, found ${JSON.stringify(source)}, for example kinesis:journal`,
  );
}

async function consumeInto(
  context: CommandContext,
  streamName: string,
  options: ConsumeOptions,
  counts: ConsumeCounts,
): Promise<void> {
  const { env } = context.terminal;
  const writer = new TableMapperRevisionWriter(await readIdFields(options));
  const checkpoints = new FileCheckpointStore(options.checkpoint, streamName);
  await withLedger(connectionFrom(options, env), options.ledger, options.sessions, (ledger) =>
    withSink(context, options, (sink) =>
      withStreamClient(env, streamName, options.region, (client) =>
        withStopSignal(context, async (signal) => {
          const progress = context.progress("consuming", "events");
          const loader = makeLoader(ledger, writer, sink, options);
          const consumer = createKinesisConsumer({
            client,
            streamName,
            loader: counting(loader, counts, progress.update),
            checkpoints,
            ...(options.qldbStream === true ? { decode: decodeQldbStreamRecord } : {}),
            ...(options.from === undefined ? {} : { startAt: options.from }),
          });
          try {
            await consumer.run(signal);
          } finally {
            progress.finish();
          }
        }),
      ),
    ),
  );
}

function makeLoader(
  ledger: Ledger,
  writer: TableMapperRevisionWriter,
  sink: DeadLetterSink,
  { sessions, createTables, startMidHistory, qldbStream, parkAfter }: ConsumeOptions,
): Loader {
  const loader = createLoader({
    ledger,
    writer,
    sessions,
    createTables,
    startMidHistory: startMidHistory === true,
  });
  const channel = qldbStream === true ? "qldb-stream" : "kinesis";
  return parkFailures(retryOutages(loader), { sink, channel, waitMs: parkAfter * 1000 });
}

/** Counts what has an end; what waits comes again, and is counted then. */
function counting(loader: Loader, counts: ConsumeCounts, onProgress: (events: number) => void): Loader {
  return {
    load: async (deliveries, loadOptions) => {
      const report = await loader.load(deliveries, loadOptions);
      counts.written += report.counts.written;
      counts.skipped += Object.values(report.counts.skipped).reduce((sum, each) => sum + each, 0);
      counts.parked += report.deliveries.filter(({ parked }) => parked === true).length;
      onProgress(counts.written + counts.skipped);
      return report;
    },
    close: () => loader.close(),
  };
}

async function withSink(
  { terminal: { env } }: CommandContext,
  { deadLetters, region }: ConsumeOptions,
  work: (sink: DeadLetterSink) => Promise<void>,
): Promise<void> {
  if (!deadLetters.startsWith("sqs:")) return work(new FileDeadLetterSink(deadLetters));
  const queueUrl = deadLetters.slice("sqs:".length);
  return withQueueClient(env, queueUrl, region, (client) =>
    work(new SqsDeadLetterSink({ client, queueUrl })),
  );
}
