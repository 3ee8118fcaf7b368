// SPDX-License-Identifier: MIT

const isStyled = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
const LABEL_WIDTH = 26;

/** Tells a person what happens, step by step. */
export class Narrator {
  readonly #started = performance.now();
  #stepStarted = performance.now();
  #step = 0;

  /** Begins a step. */
  step(title: string): void {
    this.#step += 1;
    this.#stepStarted = performance.now();
    console.log(`\n${bold(`${this.#step}. ${title}`)}`);
  }

  /** Says one thing about the step. */
  say(text: string): void {
    console.log(`   ${text}`);
  }

  /** Seconds since the step began. */
  get stepSeconds(): number {
    return (performance.now() - this.#stepStarted) / 1000;
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Ends with what was found: a heading and one line per fact. */
  summary(title: string, facts: readonly (readonly [label: string, value: string])[]): void {
    console.log(`\n${bold(title)}`);
    for (const [label, value] of facts) console.log(`   ${label.padEnd(LABEL_WIDTH)} ${value}`);
  }
}

/** `1,646`. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** `1,646 revisions`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** `8.2 s, 201 revisions/s`. */
export function rate(number: number, noun: string, seconds: number): string {
  return `${seconds.toFixed(1)} s, ${count(Math.round(number / seconds))} ${noun}/s`;
}

function bold(text: string): string {
  return styled(1, text);
}

/** What holds, in green. */
export function good(text: string): string {
  return styled(32, text);
}

/** What does not hold, in red. */
export function bad(text: string): string {
  return styled(31, text);
}

function styled(code: number, text: string): string {
  return isStyled ? `\u001b[${code}m${text}\u001b[0m` : text;
}
