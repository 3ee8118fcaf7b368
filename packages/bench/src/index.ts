// SPDX-License-Identifier: MIT
export type { Benchmark, BenchmarkOptions, BenchmarkResult, Comparison, Figures } from "./benchmark";
export { runBenchmarks } from "./run-benchmarks";
