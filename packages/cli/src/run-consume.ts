// SPDX-License-Identifier: MIT
import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type Consumer,
  type DeadLetterTarget,
  type HealthOptions,
  type Ledger,
  type LoaderConfig,
  LoaderHealth,
  type LoaderSurroundings,
  type Logger,
  PrometheusMetrics,
  type SignalSource,
  createLoaderFromConfig,
  runWorker,
} from "@ledger-loader/core";
import type { CommandContext } from "./options/command-spec";
import { connectionFrom, setting } from "./ledger/connection";
import { openNamedMapping } from "./options/named-mapping";
import { configFrom, type ConsumeOptions } from "./options/consume-options";
import { logChoice } from "./options/log-options";
import { ConsumeTally, type ConsumeReport } from "./output/consume-tally";
import { withLedger } from "./ledger/open-ledger";
import type { Progress } from "./output/progress";
import type { ConsumerWork } from "./channels/channel";
import type { Reachability } from "./channels/reachability";
import { checkOptions, refuseMapping, type SourceName } from "./channels/source-name";
import { withQueueClient } from "./channels/sqs";
import { WorkerPage } from "./serve/worker-page";
import { withStopSignal } from "./stop-signal";
import type { Terminal } from "./output/terminal";

/** How often it is looked whether anything came, and said how much. */
const CHECK_MS = 100;

/** Signals come over the terminal, where tests can raise them too. */
const NO_SIGNALS: SignalSource = { on: () => undefined, off: () => undefined };

/** Consumes until the user asks to stop, or nothing comes any more; returns what became of everything that came. */
export async function runConsume(
  context: CommandContext,
  source: SourceName,
  options: ConsumeOptions,
): Promise<ConsumeReport> {
  const { env } = context.terminal;
  checkOptions(source, options);
  const config = await configFrom(env, source, options);
  refuseMapping(source, config);
  const tally = new ConsumeTally();
  const place = { env, region: options.region };
  const run = (ledger: Ledger): Promise<void> =>
    withQueue(config.deadLetters, place, openLetterQueue, (letterQueue) =>
      withQueue(config.receipts, place, openReceiptQueue, (receiptQueue) =>
        withStopSignal(context, (signal) => {
          const progress = context.progress("consuming", "deliveries");
          const page = new WorkerPage({
            channel: source.channel.channelOf(options),
            ledger: options.ledger,
          });
          const logger = page.watch(context.openLog(logChoice(options)));
          const queues = { ...letterQueue, ...receiptQueue };
          const surroundings = { env, options, config, tally, ledger, queues, logger, page, signal };
          return showing(progress, tally, () => consume(source, surroundings));
        }),
      ),
    );
  const connection = connectionFrom(options, env);
  await withLedger(connection, options.ledger, config.sessionsMax, run, config.occRetriesMax);
  return tally.report;
}

/** Says how many deliveries have come, while `work` runs. */
async function showing(progress: Progress, tally: ConsumeTally, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => {
    progress.update(tally.report.deliveries);
  }, CHECK_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
    progress.finish();
  }
}

/** The openers of the queues of dead letters and receipts, where there are some. */
type Queues = Pick<LoaderSurroundings, "openQueue" | "openReceiptQueue">;

interface Surroundings {
  readonly env: Terminal["env"];
  readonly options: ConsumeOptions;
  readonly config: LoaderConfig;
  readonly tally: ConsumeTally;
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly page: WorkerPage;
  readonly signal: AbortSignal;
}

async function consume({ name, channel: access }: SourceName, surroundings: Surroundings): Promise<void> {
  const { env, options, config, tally, ledger, queues, logger, page, signal } = surroundings;
  const channel = access.channelOf(options);
  const metrics = new PrometheusMetrics({ channel });
  const health = new LoaderHealth({ ledger, stalledAfterMs: config.stalledAfterMs });
  const made = await createLoaderFromConfig(config, logger, {
    channel,
    host: "worker",
    ledger,
    metrics,
    openMapping: (mapping) => openNamedMapping(mapping, env, logger),
    ...queues,
  });
  const loader = page.count(tally.watch(health.watch(made)));
  const work: ConsumerWork = (consumer, reachability) => {
    page.follow(consumer);
    return stoppedWhenIdle(options.untilIdle, { tally, consumer, reachability }, signal, (stop) =>
      runWorker({
        consumer,
        health: answersHealth(surroundings)
          ? healthOptions(surroundings, { problems: () => health.problems(), metrics })
          : undefined,
        drainTimeoutMs: config.drainTimeoutMs,
        signal: stop,
        signals: NO_SIGNALS,
        logger,
      }),
    );
  };
  await access.withConsumer(name, { env, options, loader, logger, metrics }, work);
}

/** The signs that something comes. */
interface Watch {
  readonly tally: ConsumeTally;
  readonly consumer: Consumer;
  readonly reachability: Reachability | undefined;
}

/** True if nothing has come for so long, the channel answers, and nothing that stands in it is known to be left. */
function isIdleFor(ms: number, { tally, consumer, reachability }: Watch): boolean {
  if (reachability?.isAnswering === false) return false;
  if (consumer.isCatchingUp?.() === true) tally.noteActivity();
  return tally.idleMs >= ms;
}

/**
 * Runs `work` with a signal that is raised by `signal`, or once nothing has come for so many seconds.
 *
 * @throws the error of a channel that did not answer for so long: nobody knows whether anything is left in it.
 */
async function stoppedWhenIdle(
  seconds: number | undefined,
  watch: Watch,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (seconds === undefined) return work(signal);
  const idle = new AbortController();
  let failure: Error | undefined;
  const timer = setInterval(() => {
    failure ??= watch.reachability?.failureOf(seconds * 1_000);
    if (failure !== undefined || isIdleFor(seconds * 1_000, watch)) idle.abort();
  }, CHECK_MS);
  try {
    await work(AbortSignal.any([signal, idle.signal]));
  } finally {
    clearInterval(timer);
  }
  if (failure !== undefined) throw failure;
}

function answersHealth({ env, options }: Surroundings): boolean {
  return options.healthPort !== undefined || setting(env, "HEALTH_PORT") !== undefined;
}

function healthOptions(
  { config: { healthHost: host, healthPort: port }, page, logger }: Surroundings,
  answers: Pick<HealthOptions, "problems" | "metrics">,
): HealthOptions {
  return {
    ...answers,
    host,
    port,
    page: (path, response) => page.answer(path, response),
    onListening: (url) => {
      logger.info({ url }, "answering /health and /metrics, and a browser at /");
    },
  };
}

/** Runs `work` with the opener of the queue that `place` names, where it names one. */
async function withQueue(
  place: DeadLetterTarget | undefined,
  { env, region }: { readonly env: Terminal["env"]; readonly region: string | undefined },
  open: (sqs: typeof import("@ledger-loader/sqs"), client: SQSClient) => Queues,
  work: (queue: Queues) => Promise<void>,
): Promise<void> {
  if (place?.kind !== "sqs") return work({});
  return withQueueClient(env, place.queueUrl, region, async (client) =>
    work(open(await import("@ledger-loader/sqs"), client)),
  );
}

const openLetterQueue = (
  { SqsDeadLetterSink }: typeof import("@ledger-loader/sqs"),
  client: SQSClient,
): Queues => ({ openQueue: (queueUrl) => new SqsDeadLetterSink({ client, queueUrl }) });

const openReceiptQueue = (
  { SqsReceiptSink }: typeof import("@ledger-loader/sqs"),
  client: SQSClient,
): Queues => ({ openReceiptQueue: (queueUrl) => new SqsReceiptSink({ client, queueUrl }) });
