// SPDX-License-Identifier: MIT
import type { FuzzResult } from "./fuzz-decoder";
import type { MeasuredMemory, MemoryGrowth } from "./measure-memory";

/** A result, and the memory that large inputs took; `undefined` where memory was not measured. */
export type MeasuredFuzzing = FuzzResult & { readonly memory: MeasuredMemory | undefined };

const HEADER = [
  "decoder",
  "what is decoded",
  "inputs",
  "decoded all the same",
  "slowest (ms)",
  "1 MiB decoded holds, and took at most",
  "the same for the smallest values",
  "broke a law",
];

/** Renders results as a Markdown table. */
export function renderFuzzing(results: readonly MeasuredFuzzing[]): string {
  const rows = [HEADER, HEADER.map(() => "---"), ...results.map(toRow)];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function toRow(result: MeasuredFuzzing): readonly string[] {
  const { name, what, inputs, accepted, slowestMs, memory, failures } = result;
  return [
    `\`${name}\``,
    what,
    inputs.toLocaleString("en"),
    `${Math.round((100 * accepted) / Math.max(1, inputs))} %`,
    `${Math.ceil(slowestMs)}`,
    toCell(memory?.large),
    toCell(memory?.dense),
    failures.length === 0 ? "none" : `${failures.length}`,
  ];
}

function toCell(growth: MemoryGrowth | undefined): string {
  return growth === undefined ? "not measured" : `${Math.ceil(growth.held)}, ${Math.ceil(growth.peak)} times`;
}
