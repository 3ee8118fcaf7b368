// SPDX-License-Identifier: MIT
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { dom } from "ion-js";
import { ScriptError } from "../cli-errors";
import { InputCollector, type ShellInput } from "./input-collector";
import type { Shell, ShellAnswer } from "./shell";

/** A statement that was executed. */
export interface ExecutedStatement {
  readonly line: number;
  readonly statement: string;
  readonly rows: readonly dom.Value[];
}

/** The end of a script. */
export interface ScriptReport {
  readonly statements: number;
  /** Why it ended before its end. */
  readonly failure: ScriptError | undefined;
}

/** Receives the results while a script runs. */
export interface ScriptListener {
  readonly onStatement: (statement: ExecutedStatement) => void;
  readonly onText: (text: string) => void;
}

/** Runs the statements and commands of a text until its end, `exit`, or the first error. */
export async function runScript(
  shell: Shell,
  input: AsyncIterable<Uint8Array>,
  listener: ScriptListener,
): Promise<ScriptReport> {
  const script = new Script(shell, listener);
  const collector = new InputCollector(false);
  for await (const line of createInterface({ input: Readable.from(input) })) {
    if (!(await script.run(collector.add(line)))) break;
  }
  if (!script.hasEnded) await script.run(collector.end());
  return script.finish();
}

class Script {
  readonly #shell: Shell;
  readonly #listener: ScriptListener;
  readonly #signal = new AbortController().signal;
  #statements = 0;
  #failure: ScriptError | undefined;
  hasEnded = false;

  constructor(shell: Shell, listener: ScriptListener) {
    this.#shell = shell;
    this.#listener = listener;
  }

  /** Returns whether to go on. */
  async run(inputs: readonly ShellInput[]): Promise<boolean> {
    for (const input of inputs) {
      try {
        this.#tell(input, await this.#shell.run(input.text, this.#signal));
      } catch (error) {
        if (!(error instanceof LedgerLoaderError)) throw error;
        this.#failure = new ScriptError(input.line, error.message, { cause: error });
        this.hasEnded = true;
      }
      if (this.hasEnded) return false;
    }
    return true;
  }

  #tell({ text, line }: ShellInput, answer: ShellAnswer): void {
    if (answer.kind === "exit") this.hasEnded = true;
    else if (answer.kind === "text") this.#listener.onText(answer.text);
    else {
      this.#statements += 1;
      this.#listener.onStatement({ line, statement: text, rows: answer.rows });
    }
  }

  /** A transaction that was left open is no success: its statements are lost. */
  async finish(): Promise<ScriptReport> {
    const wasOpen = await this.#shell.close();
    if (wasOpen && this.#failure === undefined) {
      this.#failure = new ScriptError(
        undefined,
        'expected "commit" or "abort" before the end, found an open transaction: it was aborted',
      );
    }
    return { statements: this.#statements, failure: this.#failure };
  }
}
