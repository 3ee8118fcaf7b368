// SPDX-License-Identifier: MIT
import type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { startChild, type Child } from "../child";
import type { ProxyRequest } from "./proxy-child";
import { type Sample, Stage } from "./stage";
import { BATCH_SIZE, eventByEvent, packed, type WayOfLoading } from "./way-of-loading";
import { inserts, realHistory, type Workload } from "./workload";

/** Events per second by one event per transaction and packed, over the official driver against a ledger server. */
export const loadBenchmark: Benchmark = {
  name: "load",
  title: "Loading through the official driver for Node.js: one event per transaction, and packed",
  run: runLoadBenchmark,
};

/** Added to every request, in milliseconds, as a network would. */
const ROUND_TRIPS_MS = [0, 5] as const;
type RoundTripMs = (typeof ROUND_TRIPS_MS)[number];

/** The aims of the factor of packed, 10 sessions, over event by event, 1 session. */
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

async function runLoadBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const contests = toContests(quick);
  const rounds = quick ? 1 : 3;
  const { stage, endpoints, proxy } = await setStage();
  try {
    for (let round = quick ? 1 : 0; round <= rounds; round++) {
      for (const contest of contests) {
        onProgress(`${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${nameOf(contest)}`);
        for (const entry of contest.entries) {
          const { workload, roundTripMs } = contest;
          const sample = await stage.run({ ...entry, workload, endpoint: endpoints[roundTripMs] });
          if (round > 0) entry.samples.push(sample);
        }
      }
    }
  } finally {
    await proxy.stop();
    await stage.close();
  }
  return { comparisons: contests.flatMap(toComparisons), notes: NOTES };
}

const NOTES = [
  "Event by event is the Java loader's way in TypeScript: start, select, write, commit, one event after the other (1 session). " +
    "Equally concurrent: ten such functions at a time, in one process. `java` measures beside the Java driver itself.",
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

/** A server, and a proxy in a third process that delays every request. */
interface DelayedStage {
  readonly stage: Stage;
  readonly proxy: Child;
  readonly endpoints: Readonly<Record<RoundTripMs, string>>;
}

async function setStage(): Promise<DelayedStage> {
  const stage = await Stage.open();
  const proxy = startChild("proxy");
  const delayed = (await proxy.ask({ target: stage.endpoint, delayMs: 5 } satisfies ProxyRequest)) as string;
  return { stage, proxy, endpoints: { 0: stage.endpoint, 5: delayed } };
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
