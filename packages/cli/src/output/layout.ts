// SPDX-License-Identifier: MIT
import { printable } from "@ledger-loader/errors";

/** A column of a table: its heading and on which side its cells stand. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
}

/** Lines up rows under headings, two blanks between columns, no trailing blanks. Cells MUST NOT hold colours. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const headings = columns.map(({ heading }) => printable(heading));
  const shown = rows.map((row) => row.map(printable));
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...shown.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => pad(cells[i] ?? "", widths[i] ?? 0, column.align ?? "left"))
      .join("  ")
      .trimEnd();
  return [line(headings), ...shown.map(line)].join("\n");
}

/** Lines up `name  value` pairs; the way a report says its facts. Pairs without a value are left out. */
export function facts(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join("\n");
}

/** Shifts every line of a text to the right. */
export function indent(text: string, by = 2): string {
  return text.replace(/^(?=.)/gm, " ".repeat(by));
}

/** A count as people read it, `1,234,567`, in every locale the same. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** A count with its noun: `1 block`, `2 blocks`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

/** A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${String(Math.round(seconds))} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Below this, a rate says more about starting up than about the work. */
const RATE_AFTER_MS = 500;

/** A rate per second, or `undefined` where the time was too short to say. */
export function rate(n: number, milliseconds: number, noun: string): string | undefined {
  return milliseconds < RATE_AFTER_MS || n === 0
    ? undefined
    : `${count(Math.round((n * 1000) / milliseconds))} ${noun}/s`;
}

/** Bytes in the unit that keeps the number short. */
export function bytes(n: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let size = n;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? count(size) : size.toFixed(1)} ${units[unit] ?? ""}`;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  return align === "right" ? text.padStart(width) : text.padEnd(width);
}
