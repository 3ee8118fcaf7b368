// SPDX-License-Identifier: MIT
import { count, duration } from "./layout";
import type { Terminal } from "./terminal";

/** Says how far a long command has come. */
export interface Progress {
  /** Work done so far, in the unit named at the start, and the whole when it is known by now. */
  readonly update: (done: number, total?: number) => void;
  /** Takes the line away. MUST be called before anything else is written to the terminal. */
  readonly finish: () => void;
}

/** Commands that end sooner show nothing. */
const SHOW_AFTER_MS = 2_000;
const REDRAW_EVERY_MS = 100;
const BAR_WIDTH = 24;
/** Where the terminal does not say how wide it is: absent, or 0 where a program stands between. */
const COLUMNS = 80;
const ERASE_LINE = "\r\u001b[K";

/** Shows a line on standard error once two seconds have passed, when standard error is a terminal; else nothing. */
export function startProgress(
  terminal: Terminal,
  label: string,
  unit: string,
  now: () => number = Date.now,
): Progress {
  if (terminal.stderr.isTTY !== true) return SILENT;
  const started = now();
  let drawn = 0;
  return {
    update(done, total) {
      const time = now();
      if (time - started < SHOW_AFTER_MS || time - drawn < REDRAW_EVERY_MS) return;
      drawn = time;
      const line = progressLine(label, unit, { done, total, elapsed: time - started });
      const { columns = 0 } = terminal.stderr;
      terminal.stderr.write(ERASE_LINE + line.slice(0, (columns > 0 ? columns : COLUMNS) - 1));
    },
    finish() {
      if (drawn > 0) terminal.stderr.write(ERASE_LINE);
      drawn = 0;
    },
  };
}

const SILENT: Progress = { update: () => undefined, finish: () => undefined };

function progressLine(
  label: string,
  unit: string,
  at: { readonly done: number; readonly total: number | undefined; readonly elapsed: number },
): string {
  const speed = (at.done * 1000) / at.elapsed;
  const parts = [label];
  if (at.total !== undefined && at.total > 0) {
    const share = Math.min(1, at.done / at.total);
    const filled = Math.round(share * BAR_WIDTH);
    parts.push("█".repeat(filled) + "░".repeat(BAR_WIDTH - filled), `${String(Math.floor(share * 100))}%`);
  }
  parts.push(`${count(at.done)} ${unit}`, `${count(Math.round(speed))}/s`);
  if (at.total !== undefined && speed > 0 && at.total > at.done) {
    parts.push(`${duration(((at.total - at.done) * 1000) / speed)} left`);
  }
  return parts.join("  ");
}
