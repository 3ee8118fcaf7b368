// SPDX-License-Identifier: MIT
import type { ExportFormat } from "@ledger-loader/export";
import type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison } from "../benchmark";
import { startChild } from "../child";
import { makeSampleExports, type SampleExports } from "./sample-exports";
import type { VerifyAnswer, VerifyRequest } from "./verify-child";

/** Speed of `export verify` beside a verifier made of AWS's libraries, and its memory on exports 10 times apart. */
export const verifyBenchmark: Benchmark = {
  name: "verify",
  title: "Verifying an export: verifyExport beside ion-js and ion-hash-js, on one core",
  run: runVerifyBenchmark,
};

/** The measurements of each round. */
interface Round {
  readonly plain: VerifyAnswer;
  readonly small: VerifyAnswer;
  readonly large: VerifyAnswer;
}

const FORMATS = ["ion-text", "ion-binary"] as const;

async function runVerifyBenchmark({ quick, onProgress }: BenchmarkOptions): Promise<BenchmarkResult> {
  onProgress("writing exports");
  const exports = await makeSampleExports(quick ? 5 : 1000);
  const rounds: Record<ExportFormat, Round[]> = { "ion-text": [], "ion-binary": [] };
  try {
    const count = quick ? 1 : 3;
    for (let round = 1; round <= count; round++) {
      for (const format of FORMATS) {
        onProgress(`round ${round} of ${count}: ${format}`);
        rounds[format].push(await measureRound(exports, format));
      }
    }
  } finally {
    await exports.remove();
  }
  return {
    comparisons: FORMATS.flatMap((format) => toComparisons(format, rounds[format])),
    notes: [
      "Speed is per second of processor time of a fresh process, warm-up and garbage collection included. The baseline " +
        "verifies the small export, since it would take minutes for the large one.",
      "Peak memory is that of a whole process, which takes about 50 MB before it does anything. The small export is " +
        "verified ten times, so that both processes do the same work and differ in the export's size alone. Flat: the " +
        "ratio stays near 1.",
      ...FORMATS.map((format) => describeExports(format, rounds[format])),
    ],
  };
}

async function measureRound({ small, large }: SampleExports, format: ExportFormat): Promise<Round> {
  return {
    plain: await verify({ by: "plain", manifestPath: small[format] }),
    // As much work as for the large one: the heap grows to its working size in both.
    small: await verify({ by: "verifyExport", manifestPath: small[format], times: 10 }),
    large: await verify({ by: "verifyExport", manifestPath: large[format] }),
  };
}

async function verify(request: VerifyRequest): Promise<VerifyAnswer> {
  const child = startChild("verify");
  try {
    return (await child.ask(request)) as VerifyAnswer;
  } finally {
    await child.stop();
  }
}

function toComparisons(format: ExportFormat, rounds: readonly Round[]): readonly Comparison[] {
  const speed = (unit: string, figureOf: (answer: VerifyAnswer) => number): Comparison => ({
    what: format,
    unit,
    baseline: { name: "ion-js + ion-hash-js", samples: rounds.map(({ plain }) => figureOf(plain)) },
    subject: { name: "verifyExport", samples: rounds.map(({ large }) => figureOf(large)) },
  });
  return [
    speed("revisions/s", ({ revisions, cpuMs }) => (revisions / cpuMs) * 1000),
    speed("MB/s", ({ bytes, cpuMs }) => bytes / cpuMs / 1000),
    {
      what: `${format}, peak memory`,
      unit: "MB",
      baseline: {
        name: "small export, 10 times",
        samples: rounds.map(({ small }) => small.peakMemoryBytes / 1e6),
      },
      subject: { name: "10 times as large", samples: rounds.map(({ large }) => large.peakMemoryBytes / 1e6) },
      aim: { atMost: 1.25 },
    },
  ];
}

function describeExports(format: ExportFormat, [first]: readonly Round[]): string {
  if (first === undefined) return `${format}: not measured.`;
  const sizeOf = ({ revisions, bytes }: VerifyAnswer): string =>
    `${revisions} revisions, ${(bytes / 1e6).toPrecision(3)} MB`;
  return `${format}: ${sizeOf(first.small)}; ${sizeOf(first.large)}.`;
}
