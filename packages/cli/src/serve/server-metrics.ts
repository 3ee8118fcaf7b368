// SPDX-License-Identifier: MIT
import type { AnsweredRequest, LedgerServer, ServerFigures } from "@ledger-loader/ledger";
import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import { VERSION } from "../program-name";
import { SERVER_METRICS, type ServerMetricDefinition } from "./server-metric-table";

/** Metrics of a ledger server, in Prometheus' text format. */
export interface ServerMetrics {
  readonly onRequest: (request: AnsweredRequest) => void;
  /** From now on the page has what this server holds and does, measured whenever the page is read. */
  watch(server: Pick<LedgerServer, "measure">): void;
  render(isReady: boolean): Promise<string>;
}

type Client = typeof import("prom-client");

/** Upper bounds of the buckets of durations, in seconds: from a fast statement to the life of a transaction. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes the metrics of a server. Only then is prom-client loaded: no other command takes the time. */
export async function openServerMetrics(): Promise<ServerMetrics> {
  return new PromMetrics(await import("prom-client"));
}

class PromMetrics implements ServerMetrics {
  readonly #registry: Registry;
  readonly #counters: RequestCounters;
  readonly #gauges: ServerGauges;
  readonly #ready: Gauge;
  #server: Pick<LedgerServer, "measure"> | undefined;

  constructor(client: Client) {
    this.#registry = new client.Registry();
    client.collectDefaultMetrics({ register: this.#registry });
    const make = new MetricMaker(client, this.#registry);
    make.gauge(SERVER_METRICS.info).set({ version: VERSION }, 1);
    this.#ready = make.gauge(SERVER_METRICS.ready);
    this.#counters = new RequestCounters(make);
    this.#gauges = new ServerGauges(make);
  }

  readonly onRequest = (request: AnsweredRequest): void => {
    this.#counters.add(request);
  };

  watch(server: Pick<LedgerServer, "measure">): void {
    this.#server = server;
  }

  async render(isReady: boolean): Promise<string> {
    this.#ready.set(isReady ? 1 : 0);
    if (this.#server !== undefined) this.#gauges.set(await this.#server.measure());
    return this.#registry.metrics();
  }
}

/** Makes prom-client's metrics from their definitions. */
class MetricMaker {
  readonly #client: Client;
  readonly #registry: Registry;

  constructor(client: Client, registry: Registry) {
    this.#client = client;
    this.#registry = registry;
  }

  counter(definition: ServerMetricDefinition): Counter {
    return new this.#client.Counter(this.#options(definition));
  }

  gauge(definition: ServerMetricDefinition): Gauge {
    return new this.#client.Gauge(this.#options(definition));
  }

  histogram(definition: ServerMetricDefinition): Histogram {
    return new this.#client.Histogram({ ...this.#options(definition), buckets: BUCKETS });
  }

  #options({ name, labels, meaning }: ServerMetricDefinition): {
    name: string;
    help: string;
    labelNames: readonly string[];
    registers: Registry[];
  } {
    return { name, help: meaning, labelNames: labels, registers: [this.#registry] };
  }
}

/** Counts every request. */
class RequestCounters {
  readonly #requests: Counter;
  readonly #duration: Histogram;
  readonly #commits: Counter;
  readonly #conflicts: Counter;
  readonly #refusedStatements: Counter;

  constructor(make: MetricMaker) {
    this.#requests = make.counter(SERVER_METRICS.requests);
    this.#duration = make.histogram(SERVER_METRICS.duration);
    this.#commits = make.counter(SERVER_METRICS.commits);
    this.#conflicts = make.counter(SERVER_METRICS.conflicts);
    this.#refusedStatements = make.counter(SERVER_METRICS.refusedStatements);
  }

  add({ operation, isForwarded, result, errorCode, durationMs }: AnsweredRequest): void {
    this.#requests.inc({ operation, result: isForwarded ? "forwarded" : result });
    // The other server counts it.
    if (isForwarded) return;
    this.#duration.observe({ operation }, durationMs / 1000);
    if (operation === "CommitTransaction" && result === "ok") this.#commits.inc();
    if (operation === "CommitTransaction" && result === "OccConflictException") this.#conflicts.inc();
    if (operation === "ExecuteStatement" && result !== "ok") {
      this.#refusedStatements.inc({ error: errorCode ?? result });
    }
  }
}

/** Measures the server when the page is read. */
class ServerGauges {
  readonly #gauges: Readonly<Record<GaugeKey, Gauge>>;
  readonly #madeWay: Counter;

  constructor(make: MetricMaker) {
    const entries = GAUGES.map((key) => [key, make.gauge(SERVER_METRICS[key])] as const);
    this.#gauges = Object.fromEntries(entries) as Record<GaugeKey, Gauge>;
    this.#madeWay = make.counter(SERVER_METRICS.madeWay);
  }

  set(figures: ServerFigures): void {
    // A ledger that was deleted meanwhile has no figures any more.
    for (const gauge of Object.values(this.#gauges)) gauge.reset();
    this.#setLedgers(figures);
    this.#gauges.runningRequests.set(figures.runningRequests);
    this.#gauges.waitingTurns.set(figures.waitingTurns);
    this.#gauges.connections.set(figures.connections);
    this.#gauges.connectionsMax.set(figures.connectionsMax);
    this.#setMemory(figures);
  }

  #setLedgers({ ledgers, idleLedgers }: ServerFigures): void {
    // A gauge without labels is 0 after its reset.
    if (idleLedgers === undefined) this.#gauges.ledgers.remove();
    else this.#gauges.ledgers.set(idleLedgers.ledgerCount);
    for (const [ledger, blocks] of idleLedgers?.blocks ?? [])
      this.#gauges.journalBlocks.set({ ledger }, blocks);
    for (const { name: ledger, blocks, ...counts } of ledgers) {
      if (blocks !== undefined) this.#gauges.journalBlocks.set({ ledger }, blocks);
      for (const key of LEDGER_COUNTS) this.#gauges[key].set({ ledger }, counts[key]);
    }
  }

  #setMemory({ requestMemory, transactionMemory }: ServerFigures): void {
    this.#madeWay.reset();
    const uses = { requests: requestMemory, transactions: transactionMemory };
    for (const [use, { bytes, bytesMax, madeWay }] of Object.entries(uses)) {
      this.#gauges.memory.set({ use }, bytes);
      this.#gauges.memoryMax.set({ use }, bytesMax);
      this.#madeWay.inc({ use }, madeWay);
    }
  }
}

/** The counts of every ledger, also of one whose storage does not answer. */
const LEDGER_COUNTS = ["sessions", "transactions", "waitingCommits", "contendingTransactions"] as const;

const GAUGES = [
  "journalBlocks",
  "ledgers",
  ...LEDGER_COUNTS,
  "runningRequests",
  "waitingTurns",
  "connections",
  "connectionsMax",
  "memory",
  "memoryMax",
] as const;

type GaugeKey = (typeof GAUGES)[number];
