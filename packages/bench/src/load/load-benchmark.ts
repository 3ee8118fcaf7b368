// SPDX-License-Identifier: MIT
import { BOOKKEEPING_NEED, DriverLedger, ensureTables, parseIdentifier } from "@ledger-loader/core";
import type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { startChild, type Child } from "../child";
import { measure } from "../stopwatch";
import { ID_FIELD } from "./event-by-event-writer";
import type { LedgerRequest } from "./ledger-child";
import type { ProxyRequest } from "./proxy-child";
import { BATCH_SIZE, eventByEvent, packed, type Target, type WayOfLoading } from "./way-of-loading";
import { inserts, realHistory, type Workload } from "./workload";

/** Events per second by one event per transaction and packed, over the official driver against a ledger server. */
export const loadBenchmark: Benchmark = {
  name: "load",
  title: "Loading through the official driver: one event per transaction (the Java loader's way) and packed",
  run: runLoadBenchmark,
};

/** Added to every request, in milliseconds, as a network would. */
const ROUND_TRIPS_MS = [0, 5] as const;
type RoundTripMs = (typeof ROUND_TRIPS_MS)[number];

/** What the factor of packed, 10 sessions, over event by event, 1 session, should reach. */
const AIMS: Readonly<Record<string, Readonly<Record<RoundTripMs, number>>>> = {
  inserts: { 0: 5, 5: 20 },
  "real history": { 0: 2, 5: 3.5 },
};

interface Contest {
  readonly workload: Workload;
  readonly roundTripMs: RoundTripMs;
  readonly entries: readonly Entry[];
}

/** A way of loading and how many events it loads per round: enough for a second or so. */
interface Entry {
  readonly way: WayOfLoading;
  readonly events: number;
  readonly samples: Sample[];
}

interface Sample {
  readonly eventsPerSecond: number;
  /** Processor time per event, in milliseconds. */
  readonly clientCpuMs: number;
  readonly serverCpuMs: number;
}

async function runLoadBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const contests = toContests(quick);
  const rounds = quick ? 1 : 3;
  const stage = await setStage();
  try {
    for (let round = quick ? 1 : 0; round <= rounds; round++) {
      for (const contest of contests) {
        onProgress(`${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${nameOf(contest)}`);
        for (const entry of contest.entries) {
          const sample = await runOnce(stage, contest, entry);
          if (round > 0) entry.samples.push(sample);
        }
      }
    }
  } finally {
    await stage.close();
  }
  return { comparisons: contests.flatMap(toComparisons), notes: NOTES };
}

const NOTES = [
  "Event by event is what a Lambda function of the Java loader does with its batch: start, select, write, commit, one " +
    "event after the other (1 session). Equally concurrent: ten such functions at a time, in one process.",
  `Packed gets batches of ${BATCH_SIZE} messages, and encodes statements with the project's own codec; event by event leaves ` +
    "that to the driver.",
  "Both decode the same messages, go through the official driver and write to the same server, which runs in a process " +
    "of its own and syncs every commit to the disk. 5 ms are added to every request by a proxy in a third process.",
  "Processor time is that of client and server together, per event.",
];

function toContests(quick: boolean): readonly Contest[] {
  const scale = (events: number): number => (quick ? Math.ceil(events / 50) : events);
  const entry = (way: WayOfLoading, events: number): Entry => ({ way, events: scale(events), samples: [] });
  const workloads = [inserts(scale(4000)), realHistory(scale(600))];
  return workloads.flatMap((workload) =>
    ROUND_TRIPS_MS.map((roundTripMs) => ({
      workload,
      roundTripMs,
      entries: [
        entry(eventByEvent(1), roundTripMs === 0 ? 400 : 150),
        entry(packed(10), 4000),
        entry(eventByEvent(10), 800),
      ],
    })),
  );
}

/** The processes that a benchmark needs. */
interface Stage {
  readonly ledger: Child;
  readonly endpoints: Readonly<Record<RoundTripMs, string>>;
  close(): Promise<void>;
}

async function setStage(): Promise<Stage> {
  const ledger = startChild("ledger");
  const proxy = startChild("proxy");
  const endpoint = (await ask(ledger, { do: "endpoint" })) as string;
  const request: ProxyRequest = { target: endpoint, delayMs: 5 };
  const delayed = (await proxy.ask(request)) as string;
  return {
    ledger,
    endpoints: { 0: endpoint, 5: delayed },
    async close() {
      await proxy.stop();
      await ledger.stop();
    },
  };
}

let ledgers = 0;

async function runOnce(stage: Stage, { workload, roundTripMs }: Contest, entry: Entry): Promise<Sample> {
  const ledgerName = `bench-${ledgers++}`;
  await ask(stage.ledger, { do: "create", ledgerName });
  await prepare({ endpoint: stage.endpoints[0], ledgerName }, workload);
  const messages = workload.messages.slice(0, entry.events);
  const connection = entry.way.open({ endpoint: stage.endpoints[roundTripMs], ledgerName });
  try {
    const serverBefore = await askCpu(stage.ledger);
    const { wallMs, cpuMs } = await measure(() => connection.load(messages));
    const serverCpuMs = (await askCpu(stage.ledger)) - serverBefore;
    return {
      eventsPerSecond: (messages.length / wallMs) * 1000,
      clientCpuMs: cpuMs / messages.length,
      serverCpuMs: serverCpuMs / messages.length,
    };
  } finally {
    await connection.close();
  }
}

/** Creates the table with its index and loads what comes before. */
async function prepare(target: Target, { table, before }: Workload): Promise<void> {
  const ledger = new DriverLedger(target);
  await ensureTables(ledger, [
    { table: parseIdentifier(table), indexedFields: [parseIdentifier(ID_FIELD)] },
    BOOKKEEPING_NEED,
  ]);
  await ledger.close();
  const connection = packed(10).open(target);
  await connection.load(before);
  await connection.close();
}

function ask(ledger: Child, request: LedgerRequest): Promise<unknown> {
  return ledger.ask(request);
}

async function askCpu(ledger: Child): Promise<number> {
  return (await ask(ledger, { do: "cpu" })) as number;
}

function toComparisons(contest: Contest): readonly Comparison[] {
  const { workload, roundTripMs, entries } = contest;
  const [baseline, subject, concurrent] = entries;
  if (!baseline || !subject || !concurrent) throw new Error("Expected three ways of loading, found fewer.");
  const what = nameOf(contest);
  const atLeast = AIMS[workload.name]?.[roundTripMs];
  const rate = ({ eventsPerSecond }: Sample): number => eventsPerSecond;
  const cpu = ({ clientCpuMs, serverCpuMs }: Sample): number => clientCpuMs + serverCpuMs;
  return [
    {
      ...compare(what, "events/s", baseline, subject, rate),
      aim: atLeast === undefined ? undefined : { atLeast },
    },
    compare(`${what}, equally concurrent`, "events/s", concurrent, subject, rate),
    compare(`${what}, processor time`, "ms/event", baseline, subject, cpu),
  ];
}

function compare(
  what: string,
  unit: string,
  baseline: Entry,
  subject: Entry,
  figureOf: (sample: Sample) => number,
): Comparison {
  return {
    what,
    unit,
    baseline: { name: baseline.way.name, samples: baseline.samples.map(figureOf) },
    subject: { name: subject.way.name, samples: subject.samples.map(figureOf) },
  };
}

function nameOf({ workload, roundTripMs }: Contest): string {
  return `${workload.name}, ${roundTripMs} ms added`;
}
