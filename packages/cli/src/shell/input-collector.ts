// SPDX-License-Identifier: MIT
import { parseShellCommand } from "./shell-command";
import { StatementScanner } from "./statement-scanner";

/** A statement or a command of the shell. */
export interface ShellInput {
  readonly text: string;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
}

/** Collects lines until they make a statement, which a semicolon ends. A command is a line by itself and needs none. */
export class InputCollector {
  readonly #endsAtEmptyLine: boolean;
  #scanner = new StatementScanner();
  /** The parts of the statement that has begun. */
  #parts: string[] = [];
  /** True if these are nothing but blanks and comments. */
  #isBlank = true;
  #line = 0;
  /** The line on which `#parts` begin. */
  #startLine = 1;

  /** @param endsAtEmptyLine - whether an empty line ends a statement, too: where a person types */
  constructor(endsAtEmptyLine: boolean) {
    this.#endsAtEmptyLine = endsAtEmptyLine;
  }

  /** True if no statement has begun. */
  get isEmpty(): boolean {
    return this.#isBlank && !this.#scanner.isOpen;
  }

  /** Takes a line, without its end; returns what it completes. */
  add(line: string): readonly ShellInput[] {
    this.#line += 1;
    if (this.isEmpty) {
      this.clear();
      if (parseShellCommand(line) !== undefined) return [{ text: line, line: this.#line }];
    }
    const inputs = this.#scan(this.#parts.length === 0 ? line : `\n${line}`);
    const isEnd = this.#endsAtEmptyLine && line.trim() === "" && !this.#scanner.isOpen;
    return isEnd ? [...inputs, ...this.#complete()] : inputs;
  }

  /** The statement that has begun, complete where nothing follows. */
  end(): readonly ShellInput[] {
    return this.#complete();
  }

  /** Forgets what has begun. */
  clear(): void {
    this.#scanner = new StatementScanner();
    this.#parts = [];
    this.#isBlank = true;
    this.#startLine = this.#line;
  }

  #scan(text: string): readonly ShellInput[] {
    const inputs: ShellInput[] = [];
    for (const part of this.#scanner.scan(text)) {
      if (part.kind === "end") {
        inputs.push(...this.#complete());
        continue;
      }
      this.#parts.push(part.text);
      this.#isBlank &&= part.kind === "comment" || part.text.trim() === "";
    }
    return inputs;
  }

  /** Ends the statement that has begun; nothing for blanks and comments, as between two semicolons in a row. */
  #complete(): readonly ShellInput[] {
    const all = this.#parts.join("");
    const text = all.trim();
    const line = this.#startLine + linesIn(all.slice(0, all.indexOf(text)));
    const isBlank = this.#isBlank;
    this.#parts = [];
    this.#isBlank = true;
    this.#startLine += linesIn(all);
    return isBlank ? [] : [{ text, line }];
  }
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
