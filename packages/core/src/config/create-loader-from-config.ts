// SPDX-License-Identifier: MIT
import type { LoaderConfig } from "./config";
import type { DeadLetterSink } from "../parking/dead-letter";
import { SETTINGS } from "./config-settings";
import { DriverLedger, type DriverLedgerOptions } from "../ledger/driver-ledger";
import { EmfMetrics } from "../observe/emf-metrics";
import { ConfigurationError } from "../errors";
import type { EventMapping } from "../event/event-mapping";
import type { EventTransform } from "../event/event-transform";
import { FileDeadLetterSink } from "../parking/file-dead-letter-sink";
import type { Ledger } from "../ledger/ledger";
import { ledgerCredentials } from "../ledger/ledger-credentials";
import { findLedgerKey } from "../ledger/ledger-key";
import { loadWriter, makeWriter } from "./load-writer";
import { createLoader, type Loader } from "../loader/loader";
import { mapDeliveries } from "../loader/map-deliveries";
import type { Logger } from "../observe/logger";
import { createMasking } from "../masking/masking";
import { parseMasking } from "../masking/masking-config";
import { noMetrics, type Metrics } from "../observe/metrics";
import { recordNaming } from "../observe/record-name";
import { parkFailures, type ParkOptions } from "../parking/park-failures";
import { FileReceiptSink } from "../receipt/file-receipt-sink";
import { keepReceipts } from "../receipt/keep-receipts";
import type { ReceiptSink } from "../receipt/load-receipt";
import { readSettingsFile } from "./read-settings-file";
import { resolveIdFields } from "./resolve-id-fields";
import { retryOutages } from "../loader/retry-outages";

/** The parts of a loader that a configuration cannot name. */
export interface LoaderSurroundings {
  /** The channel that deliveries come over: metrics carry it, and dead letters keep it, so they need it. */
  readonly channel?: string;
  /** The loader's own name, such as its function's: metrics carry it, beside channel and ledger. */
  readonly name?: string | undefined;
  /** `function`: an outage of the ledger throws. `worker`: it is waited out. @defaultValue `"function"` */
  readonly host?: "function" | "worker";
  /** The connection to the ledger, where the caller has one. Default: a new one, to the ledger that the configuration names. */
  readonly ledger?: Ledger;
  /** Default: CloudWatch's, if `METRICS_NAMESPACE` is set. */
  readonly metrics?: Metrics;
  /** Makes the sink for `DEAD_LETTERS=sqs:…`, as `SqsDeadLetterSink` does; this package knows no SQS. */
  readonly openQueue?: (queueUrl: string) => DeadLetterSink;
  /** Reads a secret's text, for `LEDGER_CREDENTIALS_SECRET` and `MASKING_KEY_SECRET`; this package knows no secret store. */
  readonly readSecret?: (secretId: string) => Promise<string>;
  /** The same as `REVISION_WRITER`: a writer class, or a function that makes a writer. It takes its place. */
  readonly writer?: unknown;
  /** Where receipts are kept of every event that has ended. Default: where `RECEIPTS` says; without it, none are made. */
  readonly receipts?: ReceiptSink | undefined;
  /** Makes the sink for `RECEIPTS=sqs:…`, as `SqsReceiptSink` does. */
  readonly openReceiptQueue?: (queueUrl: string) => ReceiptSink;
  /** True if outcomes name the revisions that hold the events' content. @defaultValue whether there are `receipts` */
  readonly tellRevisions?: boolean;
  /** Makes the mapping that `MAPPING` names, as `openMapping` of the `mapping` package does; this package has none. */
  readonly openMapping?: (name: string) => Promise<EventMapping>;
  /** Judges every event and writes nothing, as `dryRun` of `createLoader`. @defaultValue `false` */
  readonly dryRun?: boolean;
}

/**
 * Makes a loader with everything it needs from its configuration: ledger, writer, limits, masking, parking and metrics.
 *
 * @throws WriterNotFoundError if `REVISION_WRITER` cannot be loaded, MaskingConfigError if `MASKING_FILE` cannot be used,
 * MappingError if `TABLE_ID_FIELDS_FILE` cannot be used, what `openMapping` throws,
 * ConfigurationError if something else does not fit together.
 */
export async function createLoaderFromConfig(
  config: LoaderConfig,
  logger: Logger,
  surroundings: LoaderSurroundings = {},
): Promise<Loader> {
  const resolved = await resolveIdFields(config);
  const { host = "function" } = surroundings;
  const metrics = surroundings.metrics ?? metricsFrom(config, surroundings);
  const transform = await maskingFrom(config, surroundings);
  const mapping = await mappingFrom(config, surroundings);
  const ledger = surroundings.ledger ?? ledgerFrom(config, surroundings);
  const receipts = receiptsFrom(config, surroundings);
  const naming = recordNaming(
    config.logIds,
    config.logIds === "hash" ? await maskingKeyFrom(config, surroundings) : undefined,
  );
  const loader = createLoader({
    ledger,
    tellRevisions: surroundings.tellRevisions ?? receipts !== undefined,
    writer:
      surroundings.writer === undefined
        ? await loadWriter(resolved)
        : makeWriter(resolved, surroundings.writer),
    logger,
    naming,
    metrics,
    transform,
    strictness: config.strictness,
    startMidHistory: config.startMidHistory,
    requireId: config.requireId,
    createTables: config.createTables,
    sessions: config.sessionsMax,
    eventsPerTransactionMax: config.eventsPerTransactionMax,
    limits: { documentBytesMax: config.documentBytesMax, documentsMax: config.documentsPerTransactionMax },
    dryRun: surroundings.dryRun ?? false,
  });
  const steadfast = host === "worker" ? retryOutages(loader, { logger, metrics }) : loader;
  const parking = parkingFrom(config, surroundings);
  const parked =
    parking === undefined ? steadfast : parkFailures(steadfast, { ...parking, logger, naming, metrics });
  const kept = receipts === undefined ? parked : keepReceipts(parked, { sink: receipts, ledger });
  // Reading for the receipts can fail as well; what was written is then found applied.
  const awaited =
    receipts !== undefined && host === "worker" ? retryOutages(kept, { logger, metrics }) : kept;
  return mapping === undefined ? awaited : mapDeliveries(awaited, mapping);
}

/** The mapping that the configuration names; `undefined` where records are events. */
async function mappingFrom(
  { mapping }: LoaderConfig,
  { openMapping }: LoaderSurroundings,
): Promise<EventMapping | undefined> {
  if (mapping === undefined) return undefined;
  if (openMapping !== undefined) return openMapping(mapping);
  throw new ConfigurationError([
    `MAPPING: expected a program that opens mappings (openMapping of createLoaderFromConfig), found none for ${mapping}`,
  ]);
}

/**
 * A connection to the ledger that the configuration names.
 *
 * @throws ConfigurationError if its keys are in a secret and there is nothing to read secrets with, or if they are named
 * in part or twice.
 */
export function ledgerFrom(
  config: LoaderConfig,
  { readSecret }: Pick<LoaderSurroundings, "readSecret"> = {},
): Ledger {
  return new DriverLedger({
    ledgerName: config.ledgerName,
    region: config.ledgerRegion,
    endpoint: config.ledgerEndpoint,
    credentials: ledgerKeysOf(config, readSecret),
    sessions: config.sessionsMax,
    occRetries: config.occRetriesMax,
  });
}

/** The ledger's own keys; `undefined`: those of the function or worker. */
function ledgerKeysOf(
  { ledgerCredentialsSecret: secretId, ledgerAccessKeyId, ledgerSecretAccessKey }: LoaderConfig,
  readSecret: LoaderSurroundings["readSecret"],
): DriverLedgerOptions["credentials"] {
  const { key, problem } = findLedgerKey(ledgerAccessKeyId, ledgerSecretAccessKey);
  if (problem !== undefined) throw new ConfigurationError([problem]);
  if (secretId === undefined) return key;
  if (key === undefined)
    return ledgerCredentials(secretId, requireReader(readSecret, "LEDGER_CREDENTIALS_SECRET"));
  throw new ConfigurationError([
    "LEDGER_CREDENTIALS_SECRET: expected it, or LEDGER_ACCESS_KEY_ID with LEDGER_SECRET_ACCESS_KEY, found both",
  ]);
}

function metricsFrom(
  { metricsNamespace: namespace, ledgerName: ledger }: LoaderConfig,
  { channel, name }: LoaderSurroundings,
): Metrics {
  if (namespace === undefined) return noMetrics;
  return new EmfMetrics({
    namespace,
    dimensions: {
      ...(channel === undefined ? {} : { channel }),
      ledger,
      ...(name === undefined ? {} : { loader: name }),
    },
  });
}

function requireReader(
  readSecret: LoaderSurroundings["readSecret"],
  setting: string,
): NonNullable<LoaderSurroundings["readSecret"]> {
  if (readSecret !== undefined) return readSecret;
  throw new ConfigurationError([
    `${setting}: expected a program that reads secrets (readSecret of createLoaderFromConfig), found none`,
  ]);
}

/**
 * The configured masking rules as a change of events; `undefined` where there are none.
 *
 * @throws MaskingConfigError if `MASKING_FILE` cannot be used, ConfigurationError if its key is in a secret and there is
 * nothing to read secrets with.
 */
export async function maskingFrom(
  config: LoaderConfig,
  surroundings: Pick<LoaderSurroundings, "readSecret"> = {},
): Promise<EventTransform | undefined> {
  const { maskingFile } = config;
  if (maskingFile === undefined) return undefined;
  const maskingKey = await maskingKeyFrom(config, surroundings);
  const text = await readSettingsFile("MASKING_FILE", maskingFile);
  return createMasking(parseMasking(text, maskingKey !== undefined), maskingKey);
}

/** The secret of masking rules and of hashed ids in log lines; `undefined` where none is configured. */
async function maskingKeyFrom(
  { maskingKey, maskingKeySecret: secretId }: LoaderConfig,
  { readSecret }: Pick<LoaderSurroundings, "readSecret">,
): Promise<string | undefined> {
  if (secretId === undefined) return maskingKey;
  return maskingKeyOf(await requireReader(readSecret, "MASKING_KEY_SECRET")(secretId));
}

function maskingKeyOf(text: string): string {
  const key = SETTINGS.maskingKey.parse(text);
  if (key !== undefined) return key;
  throw new ConfigurationError([
    `MASKING_KEY_SECRET: expected a secret of ${SETTINGS.maskingKey.accepts}, found one of ${text.length} characters`,
  ]);
}

function receiptsFrom(
  { receipts: place }: LoaderConfig,
  { receipts, openReceiptQueue }: LoaderSurroundings,
): ReceiptSink | undefined {
  if (receipts !== undefined || place === undefined) return receipts;
  if (place.kind === "file") return new FileReceiptSink(place.path);
  if (openReceiptQueue !== undefined) return openReceiptQueue(place.queueUrl);
  throw noQueueClient(SETTINGS.receipts.name);
}

function parkingFrom(
  { deadLetters, parkWaitMs: waitMs }: LoaderConfig,
  { channel, openQueue }: LoaderSurroundings,
): Pick<ParkOptions, "sink" | "channel" | "waitMs"> | undefined {
  if (deadLetters === undefined) return undefined;
  if (channel === undefined) {
    throw new ConfigurationError([
      "DEAD_LETTERS: expected a function or worker that names its channel, found none",
    ]);
  }
  if (deadLetters.kind === "file") return { sink: new FileDeadLetterSink(deadLetters.path), channel, waitMs };
  if (openQueue === undefined) throw noQueueClient(SETTINGS.deadLetters.name);
  return { sink: openQueue(deadLetters.queueUrl), channel, waitMs };
}

function noQueueClient(name: string): ConfigurationError {
  return new ConfigurationError([
    `${name}: expected file:PATH, as there is no client for queues, found sqs:`,
  ]);
}
