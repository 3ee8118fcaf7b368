// SPDX-License-Identifier: MIT
import type { OutputStream, Terminal } from "./terminal";

type Paint = (text: string) => string;

/** Colours for people. Without a terminal, or with `NO_COLOR` set (https://no-color.org), each leaves its text as it is. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
}

/** The style for one of a terminal's streams. */
export function styleFor(stream: OutputStream, env: Terminal["env"]): Style {
  const noColor = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  return stream.isTTY === true && !noColor && env["TERM"] !== "dumb" ? ANSI : PLAIN;
}

const sgr = (on: number, off: number): Paint => {
  return (text) => `\u001b[${String(on)}m${text}\u001b[${String(off)}m`;
};

const ANSI: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  warn: sgr(33, 39),
};

const asIs: Paint = (text) => text;

const PLAIN: Style = { bold: asIs, dim: asIs, good: asIs, bad: asIs, warn: asIs };
