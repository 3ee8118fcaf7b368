// SPDX-License-Identifier: MIT
import { parseShellCommand } from "./shell-command";
import { splitStatements } from "./split-statements";

/** A statement or a command of the shell. */
export interface ShellInput {
  readonly text: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
}

/** Collects lines until they make a statement, which a semicolon ends. A command is a line by itself and needs none. */
export class InputCollector {
  readonly #endsAtEmptyLine: boolean;
  #pending = "";
  #line = 0;
  /** The line on which `#pending` begins. */
  #startLine = 1;

  /** @param endsAtEmptyLine - whether an empty line ends a statement, too: where a person types */
  constructor(endsAtEmptyLine: boolean) {
    this.#endsAtEmptyLine = endsAtEmptyLine;
  }

  /** True if no statement has begun. */
  get isEmpty(): boolean {
    const { isBlank, isOpen } = splitStatements(this.#pending);
    return isBlank && !isOpen;
  }

  /** Takes a line, without its end; returns what it completes. */
  add(line: string): readonly ShellInput[] {
    this.#line += 1;
    if (this.isEmpty) this.clear();
    if (this.#pending === "" && parseShellCommand(line) !== undefined) {
      return [{ text: line, line: this.#line }];
    }
    this.#pending += this.#pending === "" ? line : `\n${line}`;
    const { statements, rest, isBlank, isOpen } = splitStatements(this.#pending);
    const isEnd = this.#endsAtEmptyLine && line.trim() === "" && !isBlank && !isOpen;
    return this.#take([...statements, ...(isEnd ? [rest.trim()] : [])], isEnd ? "" : rest);
  }

  /** The statement that has begun, complete where nothing follows. */
  end(): readonly ShellInput[] {
    const { statements, rest, isBlank } = splitStatements(this.#pending);
    return this.#take([...statements, ...(isBlank ? [] : [rest.trim()])], "");
  }

  /** Forgets what has begun. */
  clear(): void {
    this.#pending = "";
    this.#startLine = this.#line;
  }

  #take(texts: readonly string[], rest: string): readonly ShellInput[] {
    let at = 0;
    const inputs = texts.map((text) => {
      at = this.#pending.indexOf(text, at);
      return { text, line: this.#startLine + linesIn(this.#pending.slice(0, at)) };
    });
    const begun = rest.trimStart();
    this.#startLine += linesIn(this.#pending.slice(0, this.#pending.length - begun.length));
    this.#pending = begun;
    return inputs;
  }
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
