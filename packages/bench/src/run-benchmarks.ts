// SPDX-License-Identifier: MIT
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark";
import { channelBenchmark } from "./channels/channel-benchmark";
import { hashBenchmark } from "./hash/hash-benchmark";
import { ledgerBenchmark } from "./ledger/ledger-benchmark";
import { javaBenchmark } from "./load/java-benchmark";
import { loadBenchmark } from "./load/load-benchmark";
import { renderResult } from "./render";
import { startBenchmark } from "./start/start-benchmark";
import { reachesAim } from "./summary";
import { verifyBenchmark } from "./verify/verify-benchmark";

const BENCHMARKS: readonly Benchmark[] = [
  hashBenchmark,
  verifyBenchmark,
  javaBenchmark,
  loadBenchmark,
  channelBenchmark,
  ledgerBenchmark,
  startBenchmark,
];

const USAGE = `usage: pnpm bench [NAME]... [--quick | --large]

${BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(10)}${title}`).join("\n")}

  --quick shows only that they run; its figures mean nothing.
  --large adds what takes long: a table of 1,000,000 documents.`;

/**
 * Runs the benchmarks that are named, or all, and prints their figures on standard output, what is under way on
 * standard error.
 *
 * @returns the exit code: 0; 1 if an aim was missed; 2 for wrong usage. A quick run misses no aim.
 */
export async function runBenchmarks(argv: readonly string[]): Promise<number> {
  const chosen = choose(argv);
  if (chosen === undefined) {
    console.error(USAGE);
    return 2;
  }
  console.log(describeMachine());
  let missed = 0;
  for (const benchmark of chosen.benchmarks) {
    const result = await benchmark.run({
      quick: chosen.quick,
      large: chosen.large,
      onProgress: (message) => {
        console.error(`${benchmark.name}: ${message}`);
      },
    });
    console.log(renderResult(benchmark, result));
    missed += result.comparisons.filter((comparison) => reachesAim(comparison) === false).length;
  }
  if (chosen.quick) return 0;
  if (missed > 0) console.error(`${missed} aims were missed`);
  return missed > 0 ? 1 : 0;
}

/** The benchmarks that are run, and how much of each. */
interface Choice {
  readonly quick: boolean;
  readonly large: boolean;
  readonly benchmarks: readonly Benchmark[];
}

function choose(argv: readonly string[]): Choice | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { quick: { type: "boolean", default: false }, large: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const known = new Map(BENCHMARKS.map((benchmark) => [benchmark.name, benchmark]));
    const named = positionals.flatMap((name) => known.get(name) ?? []);
    if (named.length !== positionals.length) return undefined;
    return { ...values, benchmarks: named.length === 0 ? BENCHMARKS : named };
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function describeMachine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `Node.js ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} × ${model}\n`;
}
