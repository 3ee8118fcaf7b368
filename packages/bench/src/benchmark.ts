// SPDX-License-Identifier: MIT

/** How much a benchmark does. */
export interface BenchmarkOptions {
  /** Only enough to show that everything still runs: the figures mean nothing. */
  readonly quick: boolean;
  /** Also what takes an hour: the largest tables. */
  readonly large: boolean;
  /** Told what is under way, for whoever watches. */
  readonly onProgress: (message: string) => void;
}

/** One benchmark: a subject beside its baseline, measured in the same run. */
export interface Benchmark {
  /** Its name on the command line. */
  readonly name: string;
  /** One sentence: what is measured, on what. */
  readonly title: string;
  run(options: BenchmarkOptions): Promise<BenchmarkResult>;
}

/** The result of a benchmark. */
export interface BenchmarkResult {
  readonly comparisons: readonly Comparison[];
  /** Facts that a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

/** The figures of one subject and its baseline, one sample of each per round. */
export interface Comparison {
  /** The work that was measured: `insert, 5 ms round trip`. */
  readonly what: string;
  /** `documents/s`. */
  readonly unit: string;
  readonly baseline: Figures;
  readonly subject: Figures;
  /** How the two relate, per round. Default: subject / baseline. */
  readonly ratio?: (subject: number, baseline: number) => number;
  /** The aim of the ratio's median, or with `atMost` its limit; with `of: "subject"`, of the subject's own median. */
  readonly aim?: Aim | undefined;
}

/** A bound that a figure should reach, or not exceed. */
export type Aim = ({ readonly atLeast: number } | { readonly atMost: number }) & {
  /** Default: the ratio. */
  readonly of?: "subject";
};

/** The measured figures of one thing, round by round. */
export interface Figures {
  readonly name: string;
  readonly samples: readonly number[];
}
