// SPDX-License-Identifier: MIT
import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { errorLine } from "../output/error-line";
import { counted, duration } from "../output/layout";
import { printableData } from "../output/printable-data";
import type { Style } from "../output/style";
import type { OutputStream, Terminal } from "../output/terminal";
import { fitTo } from "../output/wrap";
import { InputCollector } from "./input-collector";
import { formatRows } from "./row-format";
import type { Shell, ShellAnswer } from "./shell";
import { HISTORY_MAX, type ShellHistory } from "./shell-history";
import { onOneLine } from "./statement-scanner";
import { placeInStatement } from "./statement-place";

/** The parts that a shell at a terminal works with. */
export interface InteractiveShellOptions {
  readonly shell: Shell;
  readonly terminal: Terminal;
  readonly style: Style;
  readonly history: ShellHistory;
  /** The first lines. */
  readonly greeting: string;
  /** The name of the ledger, for the prompt. */
  readonly ledgerName: string;
}

/** Reads statements at a terminal and answers them until the user leaves. */
export class InteractiveShell {
  readonly #options: InteractiveShellOptions;
  readonly #collector = new InputCollector(true);
  readonly #interface: Interface;
  /** Lines that were typed or pasted and are not run yet. */
  #lines: string[] = [];
  #running: AbortController | undefined;
  #hasClosed = false;
  /** Ends the wait for the next line. */
  #wake: () => void = () => undefined;
  /** The whole statements that the arrow keys walk through, the newest first. */
  readonly #entries: string[];
  /** The same, as the line editor has it. */
  #editorEntries: string[] = [];

  constructor(options: InteractiveShellOptions) {
    this.#options = options;
    const { terminal, history } = options;
    this.#entries = history.read();
    this.#interface = createInterface({
      input: terminal.stdin,
      output: writableOf(terminal.stdout),
      terminal: true,
      history: [...this.#entries],
      historySize: HISTORY_MAX,
    });
  }

  /** Runs until Ctrl-D or `exit`. */
  async run(): Promise<void> {
    const forget = this.#options.terminal.onStop(() => {
      this.#interface.close();
    });
    this.#listen();
    this.#print(this.#options.greeting);
    try {
      for (let line = await this.#nextLine(); line !== undefined; line = await this.#nextLine()) {
        if (await this.#take(line)) break;
      }
    } finally {
      forget();
      this.#interface.close();
      if (await this.#options.shell.close()) this.#print("the open transaction was aborted");
    }
  }

  #listen(): void {
    const editor = this.#interface;
    editor.on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    editor.on("close", () => {
      this.#hasClosed = true;
      this.#wake();
    });
    // Whole statements are kept, and not their lines.
    editor.on("history", (entries) => {
      this.#editorEntries = entries;
      this.#showEntries();
    });
    editor.on("SIGINT", () => {
      this.#cancel();
    });
  }

  /** The next line that was typed; `undefined` at the end. */
  async #nextLine(): Promise<string | undefined> {
    while (this.#lines.length === 0 && !this.#hasClosed) {
      this.#prompt();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#lines.shift();
  }

  #prompt(): void {
    const { ledgerName, shell, style } = this.#options;
    const name = `${ledgerName}${shell.isInTransaction ? "*" : ""}`;
    const text = this.#collector.isEmpty ? `${name}> ` : `${"-".padStart(name.length)}> `;
    this.#interface.setPrompt(style.bold(text));
    this.#interface.prompt(true);
  }

  /** Runs what a line completes; returns whether to leave. */
  async #take(line: string): Promise<boolean> {
    for (const { text } of this.#collector.add(line)) {
      if (!line.startsWith(" ")) this.#keep(text);
      if (await this.#answer(text)) return true;
    }
    return false;
  }

  async #answer(text: string): Promise<boolean> {
    const running = new AbortController();
    this.#running = running;
    const startedAt = performance.now();
    try {
      const answer = await this.#options.shell.run(text, running.signal);
      if (answer.kind === "exit") return true;
      this.#show(answer, performance.now() - startedAt);
    } catch (error) {
      if (!(error instanceof LedgerLoaderError)) throw error;
      this.#showError(text, error);
    } finally {
      this.#running = undefined;
    }
    return false;
  }

  #show(answer: Exclude<ShellAnswer, { kind: "exit" }>, elapsedMs: number): void {
    const { shell, style, terminal } = this.#options;
    if (answer.kind === "text") {
      this.#print(fitTo(terminal.stdout, answer.text));
      return;
    }
    const rows = formatRows(answer.rows, shell.format, terminal.stdout);
    if (rows !== "") this.#print(rows);
    const time = elapsedMs < 1_000 ? `${Math.round(elapsedMs)} ms` : duration(elapsedMs);
    this.#print(style.dim(`${counted(answer.rows.length, "row")}, ${time}`));
  }

  #showError(text: string, { message, code }: LedgerLoaderError): void {
    const { style, terminal } = this.#options;
    const place = placeInStatement(text, message);
    if (place !== undefined) this.#print(printableData(place));
    this.#print(fitTo(terminal.stdout, errorLine(style, message, code)));
  }

  /** Ctrl-C: cancels what runs, or else what was typed. */
  #cancel(): void {
    this.#lines = [];
    if (this.#running !== undefined) {
      this.#running.abort();
      return;
    }
    const isEmpty = this.#collector.isEmpty && this.#interface.line === "";
    this.#collector.clear();
    // Ends the line that was being typed without taking it.
    this.#interface.write(null, { ctrl: true, name: "e" });
    this.#interface.write(null, { ctrl: true, name: "u" });
    this.#print(isEmpty ? "^C  Ctrl-D or exit leaves" : "^C");
    this.#prompt();
  }

  #keep(text: string): void {
    const line = onOneLine(text);
    if (line.includes("\n") || line === this.#entries[0]) return;
    this.#entries.unshift(line);
    this.#entries.splice(HISTORY_MAX);
    this.#options.history.add(line);
    this.#showEntries();
  }

  #showEntries(): void {
    this.#editorEntries.splice(0, this.#editorEntries.length, ...this.#entries);
  }

  #print(text: string): void {
    this.#options.terminal.stdout.write(`${text}\n`);
  }
}

/** A stream as the line editor writes to one, with the width of the terminal of this moment. */
function writableOf(stream: OutputStream): Writable {
  const writable = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      stream.write(chunk.toString());
      done();
    },
  });
  return Object.defineProperty(writable, "columns", { get: () => stream.columns });
}
