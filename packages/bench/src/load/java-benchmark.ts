// SPDX-License-Identifier: MIT
import type { Aim, Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { findJavaDriver } from "./find-java-driver";
import { JavaLoader } from "./java-loader";
import { type Sample, Stage } from "./stage";
import { BATCH_SIZE, packed, type WayOfLoading } from "./way-of-loading";
import { inserts, realHistory, type Workload } from "./workload";

/** Events per second and processor time beside a program on the official Java driver. */
export const javaBenchmark: Benchmark = {
  name: "java",
  title: "Loading beside the Java loader's way: the official Java driver, one event per transaction",
  run: runJavaBenchmark,
};

const EVENTS = 1000;
/** Loaded before the clock starts, so that what follows are mostly updates. */
const EVENTS_BEFORE = 600;
const THREADS_MAX = 8;
/** A program that runs for seconds gains nothing from optimised code. */
const QUICK_OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** The aims of packed loading compared with Java with most threads, and per event. */
const AIMS: Readonly<Record<string, { readonly factor: number; readonly cpuMs: number }>> = {
  inserts: { factor: 8, cpuMs: 0.4 },
  "real history": { factor: 5, cpuMs: 1.2 },
};

/** The same events by three ways of loading. */
interface Contest {
  readonly workload: Workload;
  readonly oneThread: Entry;
  readonly threads: Entry;
  readonly packed: Entry;
}

interface Entry {
  readonly way: WayOfLoading;
  readonly samples: Sample[];
}

async function runJavaBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const driver = findJavaDriver();
  if ("reason" in driver) {
    const skipped = `NOT MEASURED: ${driver.reason}.`;
    onProgress(skipped);
    return { comparisons: [], notes: [skipped] };
  }
  const java = await JavaLoader.start({ classPath: driver.classPath, options: quick ? QUICK_OPTIONS : [] });
  const stage = await Stage.open();
  try {
    const contests = toContests(java, quick ? 50 : 1);
    const rounds = quick ? 1 : 3;
    for (let round = quick ? 1 : 0; round <= rounds; round++) {
      onProgress(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
      for (const contest of contests)
        await runRound(stage, contest, { events: EVENTS / (quick ? 50 : 1), keep: round > 0 });
    }
    return { comparisons: contests.flatMap(toComparisons), notes: NOTES };
  } finally {
    await stage.close();
    await java.stop();
  }
}

const NOTES = [
  "Java is a program on the official Java driver (`packages/bench/java`). It does what AWS's loader does with an event: start, " +
    "select from the committed view, compare versions, write, commit. It is warm: it has loaded the same events before.",
  `Packed is this project's loader with its default of 10 sessions and batches of ${BATCH_SIZE} messages, on the official driver for ` +
    "Node.js.",
  `All load the same ${EVENTS} messages into a new ledger of the same server, a process that syncs every commit to the disk.`,
];

function toContests(java: JavaLoader, divisor: number): readonly Contest[] {
  const workloads = [inserts(EVENTS / divisor), realHistory(EVENTS_BEFORE / divisor)];
  return workloads.map((workload) => ({
    workload,
    oneThread: { way: java.eventByEvent(1), samples: [] },
    threads: { way: java.eventByEvent(THREADS_MAX), samples: [] },
    packed: { way: packed(10), samples: [] },
  }));
}

async function runRound(
  stage: Stage,
  { workload, oneThread, threads, packed }: Contest,
  { events, keep }: { readonly events: number; readonly keep: boolean },
): Promise<void> {
  for (const { way, samples } of [oneThread, threads, packed]) {
    const sample = await stage.run({ way, workload, events });
    if (keep) samples.push(sample);
  }
}

function toComparisons({ workload: { name }, oneThread, threads, packed }: Contest): readonly Comparison[] {
  const aims = AIMS[name];
  if (aims === undefined) throw new Error(`Expected aims for ${name}, found none.`);
  const speed = ({ eventsPerSecond }: Sample): number => eventsPerSecond;
  const together = ({ clientCpuMs, serverCpuMs }: Sample): number => clientCpuMs + serverCpuMs;
  const row = (
    what: string,
    unit: string,
    baseline: Entry,
    figureOf: (sample: Sample) => number,
    aim?: Aim,
  ): Comparison => ({
    what: `${name}, ${what}`,
    unit,
    baseline: { name: baseline.way.name, samples: baseline.samples.map(figureOf) },
    subject: { name: packed.way.name, samples: packed.samples.map(figureOf) },
    aim,
  });
  return [
    row(`beside ${THREADS_MAX} threads`, "events/s", threads, speed, { atLeast: aims.factor }),
    row("beside 1 thread", "events/s", oneThread, speed),
    row("processor time of the client", "ms/event", threads, ({ clientCpuMs }) => clientCpuMs),
    row("processor time of the server", "ms/event", threads, ({ serverCpuMs }) => serverCpuMs),
    row("processor time together", "ms/event", threads, together, { atMost: aims.cpuMs, of: "subject" }),
  ];
}
