// SPDX-License-Identifier: MIT
import type { AttackResult } from "./run-attack";
import { percentile, wrongAnswers } from "./judge-attack";

const HEADER = [
  "attack",
  "what is sent",
  "second client p50 / p99 / max (ms)",
  "its failures",
  "peak memory (MiB)",
  "memory after (MiB)",
  "500 or untyped",
];

/** Renders results as a Markdown table. */
export function renderAttacks(results: readonly AttackResult[]): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...results.map(toRow)];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
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
