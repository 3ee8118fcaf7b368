// SPDX-License-Identifier: MIT
import { count, duration } from "./layout";
import type { Terminal } from "./terminal";

/** Says how far a long command has come. */
export interface Progress {
  /**
   * Work done so far, in the unit named at the start, and the whole when it is known by now.
   *
   * @param also - other things that were done meanwhile; the rate is theirs
   */
  readonly update: (done: number, total?: number, also?: Also) => void;
  /** Takes the line away. MUST be called before anything else is written to the terminal. */
  readonly finish: () => void;
}

/** A second count, such as the revisions of the blocks. */
export interface Also {
  readonly done: number;
  readonly unit: string;
}

/** Shows nothing. */
export const SILENT_PROGRESS: Progress = { update: () => undefined, finish: () => undefined };

/** Commands that end sooner show nothing. */
const SHOW_AFTER_MS = 2_000;
const REDRAW_EVERY_MS = 100;
/** How often a line is added where there is no terminal, as in a log. */
const ADD_EVERY_MS = 60_000;
const BAR_WIDTH = 24;
/** A narrower bar says nothing. */
const BAR_WIDTH_MIN = 8;
/** Where the terminal does not say how wide it is: absent, or 0 where a program stands between. */
const COLUMNS = 80;
const ERASE_LINE = "\r\u001b[K";

/**
 * Shows a line on standard error once two seconds have passed, when standard error is a terminal. Where it is none, adds a line
 * every minute.
 */
export function startProgress(
  terminal: Terminal,
  label: string,
  unit: string,
  now: () => number = Date.now,
): Progress {
  const started = now();
  const isTTY = terminal.stderr.isTTY === true;
  let drawn = isTTY ? 0 : started;
  return {
    update(done, total, also) {
      const time = now();
      const isDue = isTTY
        ? time - started >= SHOW_AFTER_MS && time - drawn >= REDRAW_EVERY_MS
        : time - drawn >= ADD_EVERY_MS;
      if (!isDue) return;
      drawn = time;
      const at = { done, total, also, elapsed: time - started };
      terminal.stderr.write(
        isTTY ? drawnLine(terminal, label, unit, at) : `${label}: ${said(unit, at).join(", ")}\n`,
      );
    },
    finish() {
      // Where lines are added, there is none to take away, and the next is due when it was.
      if (!isTTY) return;
      if (drawn > 0) terminal.stderr.write(ERASE_LINE);
      drawn = 0;
    },
  };
}

interface At {
  readonly done: number;
  readonly total: number | undefined;
  readonly also: Also | undefined;
  readonly elapsed: number;
}

/** The line as it replaces the one before; the bar is left out where it would take the room of what is said. */
function drawnLine({ stderr: { columns = 0 } }: Terminal, label: string, unit: string, at: At): string {
  const width = (columns > 0 ? columns : COLUMNS) - 1;
  const words = [label, ...said(unit, at)].join("  ");
  const barWidth = Math.min(BAR_WIDTH, width - words.length - 2);
  const withBar = at.total !== undefined && at.total > 0 && barWidth >= BAR_WIDTH_MIN;
  const line = withBar ? [label, bar(at.done / at.total, barWidth), ...said(unit, at)].join("  ") : words;
  return ERASE_LINE + line.slice(0, width);
}

function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, share) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

function said(unit: string, { done, total, also, elapsed }: At): string[] {
  const speed = ((also?.done ?? done) * 1000) / elapsed;
  const share = total !== undefined && total > 0 ? Math.min(1, done / total) : undefined;
  const parts = share === undefined ? [] : [`${Math.floor(share * 100)}%`];
  parts.push(`${count(done)} ${unit}`);
  if (also !== undefined) parts.push(`${count(also.done)} ${also.unit}`);
  parts.push(`${count(Math.round(speed))}/s`);
  if (share !== undefined && share > 0 && share < 1)
    parts.push(`${duration((elapsed * (1 - share)) / share)} left`);
  return parts;
}
