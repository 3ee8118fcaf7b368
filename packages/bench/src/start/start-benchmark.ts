// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Aim, Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { findUpwards } from "../find-upwards";

/** How long the command line takes before it does anything. */
export const startBenchmark: Benchmark = {
  name: "start",
  title: "Start of the command line beside bare Node.js",
  run: runStartBenchmark,
};

/** A command line that ends once all is loaded, and what it may take. */
interface Start {
  readonly words: string;
  readonly aim?: Aim;
}

const STARTS: readonly Start[] = [
  { words: "--version", aim: { atMost: 2.5 } },
  { words: "--help", aim: { atMost: 2.5 } },
  { words: "export verify --help" },
  { words: "ledger list --help" },
  { words: "consume --help" },
  { words: "load --help" },
  { words: "ledger serve --help" },
];

async function runStartBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  const folder = await mkdtemp(join(tmpdir(), "start-benchmark-"));
  try {
    const clock = await createClock(folder);
    const rounds = quick ? 1 : 10;
    const comparisons: Comparison[] = [];
    for (const start of STARTS) {
      onProgress(start.words);
      comparisons.push(await compare(start, rounds, clock));
    }
    return { comparisons, notes: NOTES };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const NOTES: readonly string[] = [
  "Processor time of a whole process, until it exits, user and system together. The two take turns.",
  "The help of a command loads what the command always needs. What it needs for one channel, place or server comes later, when it is used.",
];

async function compare({ words, aim }: Start, rounds: number, clock: Clock): Promise<Comparison> {
  const program = findUpwards("packages/cli/dist/main.js");
  const baseline: number[] = [];
  const subject: number[] = [];
  for (let round = 0; round < rounds; round++) {
    baseline.push(await clock(["-e", "0"]));
    subject.push(await clock([program, ...words.split(" ")]));
  }
  return {
    what: words,
    unit: "ms",
    baseline: { name: "node -e 0", samples: baseline },
    subject: { name: "ledger-loader", samples: subject },
    aim,
  };
}

/** Runs Node.js with these words and returns the processor time of the process, in milliseconds. */
type Clock = (words: readonly string[]) => Promise<number>;

async function createClock(folder: string): Promise<Clock> {
  const hook = join(folder, "hook.cjs");
  const taken = join(folder, "taken");
  const note = `require("node:fs").writeFileSync(${JSON.stringify(taken)}, JSON.stringify(process.cpuUsage()))`;
  await writeFile(hook, `process.on("exit", () => ${note});`);
  return async (words) => {
    await promisify(execFile)(process.execPath, ["--require", hook, ...words]);
    const { user, system } = JSON.parse(await readFile(taken, "utf8")) as NodeJS.CpuUsage;
    return (user + system) / 1000;
  };
}
