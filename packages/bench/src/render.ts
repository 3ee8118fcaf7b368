// SPDX-License-Identifier: MIT
import type { Benchmark, BenchmarkResult, Comparison, Figures } from "./benchmark";
import { ratiosOf, reachesAim, summarize, type Summary } from "./summary";

/** Renders a benchmark's figures as a text table: each subject beside its baseline, medians with their range. */
export function renderResult({ name, title }: Benchmark, { comparisons, notes }: BenchmarkResult): string {
  const rows = comparisons.map(toRow);
  const header = ["what", "baseline", "subject", "ratio", "aim"];
  return [
    `${name}: ${title}`,
    "",
    ...alignColumns([header, ...rows]),
    "",
    ...notes.map((note) => `- ${note}`),
    "",
  ].join("\n");
}

function toRow(comparison: Comparison): readonly string[] {
  const { what, unit, baseline, subject } = comparison;
  return [
    `${what} (${unit})`,
    renderFigures(baseline),
    renderFigures(subject),
    renderSummary(summarize(ratiosOf(comparison))),
    renderAim(comparison),
  ];
}

function renderFigures({ name, samples }: Figures): string {
  return `${name}: ${renderSummary(summarize(samples))}`;
}

function renderSummary({ median, min, max }: Summary): string {
  return min === max ? round(median) : `${round(median)} [${round(min)}–${round(max)}]`;
}

function renderAim(comparison: Comparison): string {
  const { aim } = comparison;
  if (aim === undefined) return "";
  const limit = "atLeast" in aim ? `≥ ${round(aim.atLeast)}` : `≤ ${round(aim.atMost)}`;
  return `${aim.of === "subject" ? "subject " : ""}${limit}: ${reachesAim(comparison) === true ? "reached" : "MISSED"}`;
}

/** Three significant digits, without exponent. */
function round(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
