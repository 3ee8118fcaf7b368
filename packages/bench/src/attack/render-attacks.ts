// SPDX-License-Identifier: MIT
import { percentile, wrongAnswers } from "./judge-attack";
import type { AttackResult } from "./run-attack";

const HEADER = [
  "attack",
  "what is sent",
  "second client p50 / p99 / max (ms)",
  "its failures",
  "peak memory (MiB)",
  "memory after (MiB)",
  "500 or untyped",
];

/** Renders results as a Markdown table, its columns as wide as Prettier makes them. */
export function renderAttacks(results: readonly AttackResult[]): string {
  const rows = [HEADER, ...results.map(toRow)];
  const widths = HEADER.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const [header = "", ...lines] = rows.map((row) =>
    toLine(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))),
  );
  return [header, toLine(widths.map((width) => "-".repeat(width))), ...lines].join("\n");
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function toRow(result: AttackResult): readonly string[] {
  const { latencies, failures } = result.secondClient;
  const times = [0.5, 0.99, 1].map((part) => Math.round(percentile(latencies, part)));
  return [
    `\`${result.name}\``,
    result.what,
    times.join(" / "),
    `${failures.length}`,
    `${result.memory.peak}`,
    `${result.memory.after}`,
    wrongAnswers(result).join(", ") || "none",
  ];
}
