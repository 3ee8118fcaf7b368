// SPDX-License-Identifier: MIT
import { BatchRun } from "./batch-run";
import { decodeDelivery } from "../event/decode-delivery";
import type { DecodedEvent, Delivery } from "../event/delivery";
import { LedgerUnavailableError, MaskingError, WriterContractError } from "../errors";
import type { EventTransform } from "../event/event-transform";
import { freezeIon } from "@ledger-loader/ion";
import type { OnFailure } from "./hold-back";
import type { JudgeMode } from "../judge/judge";
import { mustFollow } from "../event/event";
import { toLanes, type PendingEvent, type Unit } from "./lanes";
import type { Ledger } from "../ledger/ledger";
import { silentLogger, type Logger } from "../observe/logger";
import { ReportLog } from "./log-report";
import { noMetrics, type Metrics } from "../observe/metrics";
import { recordNaming, type RecordNaming } from "../observe/record-name";
import { rejected } from "../event/outcome";
import { Preview } from "../writer/preview";
import { HELD_UP } from "./pack";
import { recordFailure, recordReport } from "./record-report";
import { toReport, type LoadReport, type PendingDelivery } from "./report";
import { RevisionWriter } from "../writer/revision-writer";
import { BulkReplacement } from "../writer/bulk-replacement";
import { TableCache, type TableCreation } from "./table-cache";
import { QLDB_LIMITS, type TransactionLimits } from "../writer/transaction-limits";

/** How one batch is to be loaded. */
export interface LoadOptions {
  readonly onFailure: OnFailure;
  /** Raised when the caller wants to stop: a loader that waits for the ledger then gives up and throws. */
  readonly signal?: AbortSignal;
}

/** Loads batches of deliveries into a ledger. */
export interface Loader {
  /**
   * Applies every event of the batch and reports every delivery with its outcomes.
   *
   * Bad events are outcomes, never exceptions.
   *
   * @throws LedgerUnavailableError when the ledger gave no answer: the whole batch must be redelivered.
   */
  load(deliveries: readonly Delivery[], options: LoadOptions): Promise<LoadReport>;
  /** Ends the ledger's sessions. The loader cannot be used afterwards. */
  close(): Promise<void>;
}

/** The parts of a loader; {@link LoaderConfig} says what each setting trades off. */
export interface LoaderOptions {
  readonly ledger: Ledger;
  readonly writer: RevisionWriter;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
  /** How log lines show the ids of records. @defaultValue as they are */
  readonly naming?: RecordNaming;
  /** @defaultValue nobody looks at them */
  readonly metrics?: Metrics;
  /** Changes events before they are judged, as `createMasking` does. Default: they are written as they come. */
  readonly transform?: EventTransform | undefined;
  /** @defaultValue `"strict"` */
  readonly strictness?: JudgeMode["strictness"];
  /** @defaultValue `false` */
  readonly startMidHistory?: boolean;
  /** @defaultValue `false` */
  readonly createTables?: boolean;
  /**
   * Judges every event and writes nothing: `written` then means that it would be, upon what was judged before. Creates no
   * table either: with `createTables`, missing tables are taken for empty ones. @defaultValue `false`
   */
  readonly dryRun?: boolean;
  /** True if outcomes name the revisions that hold the events' content, for receipts. @defaultValue `false` */
  readonly tellRevisions?: boolean;
  /** @defaultValue `false` */
  readonly requireId?: boolean;
  /** Transactions at a time; the ledger MUST have as many sessions. @defaultValue `10` */
  readonly sessions?: number;
  /** Events that one transaction may judge. @defaultValue `200` */
  readonly eventsPerTransactionMax?: number;
  /** @defaultValue {@link QLDB_LIMITS} */
  readonly limits?: Partial<TransactionLimits>;
}

/** How many events a transaction judges at most, unless told otherwise: reads of a few hundred rows. */
const EVENTS_PER_TRANSACTION_MAX = 200;
const SESSIONS = 10;

/**
 * Makes a loader.
 *
 * @throws WriterContractError if the writer overrides `write`, and with it the guarantee.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { ledger, writer, logger = silentLogger, metrics = noMetrics } = options;
  if (!(writer instanceof RevisionWriter) || writer.write !== RevisionWriter.prototype.write) {
    throw new WriterContractError("be a subclass of RevisionWriter that leaves write alone", "is not");
  }
  const dryRun = options.dryRun ?? false;
  const tables = new TableCache(ledger, writer, tableCreation(dryRun, options.createTables === true));
  const bulk = new BulkReplacement();
  const preview = dryRun ? new Preview() : undefined;
  const reportLog = new ReportLog(logger, options.naming ?? recordNaming("plain"));
  return {
    load: async (deliveries, { onFailure }) => {
      const startedAt = performance.now();
      const elapsedMs = (): number => performance.now() - startedAt;
      const pending = deliveries.map((delivery) => toPending(delivery, options));
      try {
        await run(pending, onFailure, options, { tables, bulk, preview });
        const report = toReport(pending, onFailure);
        reportLog.log(report, elapsedMs());
        recordReport(metrics, deliveries, report, elapsedMs());
        return report;
      } catch (error) {
        recordFailure(metrics, deliveries, error instanceof LedgerUnavailableError, elapsedMs());
        throw error;
      } finally {
        metrics.flush();
      }
    },
    close: () => {
      preview?.close();
      return ledger.close();
    },
  };
}

function tableCreation(dryRun: boolean, createTables: boolean): TableCreation {
  if (dryRun) return createTables ? "pretended" : "none";
  return createTables ? "all" : "own";
}

/** The state of a loader between batches. */
interface LoaderState {
  readonly tables: TableCache;
  readonly bulk: BulkReplacement;
  readonly preview: Preview | undefined;
}

async function run(
  deliveries: readonly PendingDelivery[],
  onFailure: OnFailure,
  options: LoaderOptions,
  { tables, bulk, preview }: LoaderState,
): Promise<void> {
  if (onFailure === "block-group") holdUpBehindRefused(deliveries);
  const units = deliveries.flatMap((delivery) => toUnits(delivery, onFailure));
  if (units.length === 0) return;
  const { ledger, writer, strictness = "strict", startMidHistory = false } = options;
  const named = units.flatMap((unit) => unit.events.map(({ event }) => event.table));
  const context = {
    mode: { strictness, startMidHistory },
    tables: await tables.tablesFor(named),
    absentTables: tables.absent,
    limits: { ...QLDB_LIMITS, ...options.limits },
    bulk,
    tellRevisions: options.tellRevisions ?? false,
  };
  await new BatchRun(toLanes(units), {
    ledger,
    metrics: options.metrics ?? noMetrics,
    preview,
    writer,
    context,
    lookAgain: () => {
      tables.forget();
      return tables.tablesFor(named);
    },
    sessions: options.sessions ?? SESSIONS,
    eventsMax: options.eventsPerTransactionMax ?? EVENTS_PER_TRANSACTION_MAX,
  }).run();
}

function toPending(
  delivery: Delivery,
  options: Pick<LoaderOptions, "requireId" | "transform">,
): PendingDelivery {
  const content = decodeDelivery(delivery);
  const events = content.events.map((decoded) => {
    const { event, rejected: refused } = transform(decoded, options.transform);
    if (event === undefined) return { outcome: refused };
    return options.requireId === true && event.id === undefined ? { event, outcome: MISSING_ID } : { event };
  });
  if (content.atomic) rejectTogether(events);
  const { deliveryId, group } = delivery;
  return {
    deliveryId,
    group,
    atomic: content.atomic,
    events,
    split: false,
  };
}

function transform(decoded: DecodedEvent, change: EventTransform | undefined): DecodedEvent {
  if (decoded.event === undefined || change === undefined) return decoded;
  try {
    if (decoded.event.data !== undefined) freezeIon(decoded.event.data);
    return { event: change(decoded.event) };
  } catch (error) {
    // The unchanged event is left out of the report too: it is what was not meant to be seen.
    const found =
      error instanceof MaskingError ? error.message : error instanceof Error ? error.name : typeof error;
    return {
      rejected: rejected(
        "transform-failed",
        `Expected the masking rules of table ${decoded.event.table} to fit the event, found: ${found}`,
      ),
    };
  }
}

const MISSING_ID = rejected(
  "id-required",
  "Expected an id in every event (REQUIRE_ID), found none. Add it at the source.",
);

/** One event of a source transaction that is not even an event is enough to reject all. */
function rejectTogether(events: PendingDelivery["events"]): void {
  if (events.every(({ outcome }) => outcome === undefined)) return;
  for (const pending of events) {
    pending.outcome ??= rejected(
      "transaction-rejected",
      "Expected every event of the source transaction to be valid, found one that is not. Correct that one.",
    );
  }
}

/** Unordered events that will be handed back for the sake of one that is refused already are not written. */
function holdUpBehindRefused(deliveries: readonly PendingDelivery[]): void {
  const failedGroups = new Set<string>();
  for (const { group, atomic, events } of deliveries) {
    if (group === undefined) continue;
    const mustWait = ({ event }: PendingDelivery["events"][number]): boolean =>
      failedGroups.has(group) && event !== undefined && mustFollow(event);
    const waiting = atomic && events.some(mustWait) ? events : events.filter(mustWait);
    for (const pending of waiting) pending.outcome ??= HELD_UP;
    if (events.some(({ outcome }) => outcome?.status === "rejected")) failedGroups.add(group);
  }
}

function toUnits(delivery: PendingDelivery, onFailure: OnFailure): readonly Unit[] {
  const events = delivery.events.filter((pending): pending is PendingEvent => {
    return pending.event !== undefined && pending.outcome === undefined;
  });
  const group = onFailure === "block-group" ? delivery.group : undefined;
  if (!delivery.atomic || events.length < 2) {
    return events.map((pending) => ({ events: [pending], atomic: false, group }));
  }
  const onSplit = (): void => {
    delivery.split = true;
  };
  return [{ events, atomic: true, group, onSplit }];
}
