// SPDX-License-Identifier: MIT
import { Readable } from "node:stream";
import { runCli } from "../src/run-cli";
import { checkDocument } from "./check-document";

/** The output of a command line and how it ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The document on standard output; throws unless it is exactly one. */
  json(): Record<string, unknown>;
}

/** The settings of a test. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | undefined;
  /** True if both output streams are terminals. */
  readonly isTTY?: boolean;
  /** How wide the terminals are; 120 unless set. */
  readonly columns?: number;
  /** Called with how to ask the command to stop, as Ctrl-C does. */
  readonly onStoppable?: ((stop: () => void) => void) | undefined;
  /** Called with what is written to standard error. */
  readonly onStderr?: (text: string) => void;
}

/** Runs the real command line in this process. */
export async function runWords(words: readonly string[], options: RunOptions = {}): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[name] += text;
      if (name === "stderr") options.onStderr?.(text);
    },
    isTTY: options.isTTY === true,
    columns: options.columns ?? 120,
  });
  const exitCode = await runCli(words, {
    stdin: Readable.from([Buffer.from(options.stdin ?? "")]),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: options.env ?? {},
    onStop: (stop) => {
      options.onStoppable?.(stop);
      return () => undefined;
    },
    onReload: () => () => undefined,
  });
  checkDocument(words, written.stdout);
  return { exitCode, ...written, json: () => JSON.parse(written.stdout) as Record<string, unknown> };
}

/** One line of a log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

function parseLog(written: string): readonly LogLine[] {
  return written
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogLine);
}

/** A ledger server started with `ledger serve`, on a free port. */
export interface ServedLedgers {
  readonly endpoint: string;
  /** The document that it announced. */
  readonly document: { readonly endpoint: string; readonly trust?: string; readonly health?: string };
  readonly env: Readonly<Record<string, string>>;
  /** The lines of its log so far. */
  log(): readonly LogLine[];
  /** Makes it read its files again, as SIGHUP does. */
  reload(): void;
  /** Stops it as Ctrl-C does, and resolves to its exit code. */
  stop(): Promise<number>;
}

/** Runs `ledger serve` in this process until it is stopped. */
export function serve(dataFolder: string, ...more: readonly string[]): Promise<ServedLedgers> {
  return serveFrom("--data", dataFolder, ...more);
}

/** Runs `ledger serve`, with ledgers where the words say, in this process until it is stopped. */
export function serveFrom(...words: readonly string[]): Promise<ServedLedgers> {
  return serveWith(words, {});
}

/** Runs `ledger serve` with an environment, in this process until it is stopped. */
export async function serveWith(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServedLedgers> {
  let written = "";
  let stop: () => void = () => undefined;
  let reload: () => void = () => undefined;
  let announce: (text: string) => void = () => undefined;
  const announced = new Promise<string>((resolve) => {
    announce = resolve;
  });
  const ended = runCli(["ledger", "serve", "--port", "0", "--json", ...words], {
    stdin: Readable.from([]),
    stdout: { write: announce },
    stderr: {
      write: (text: string) => {
        written += text;
      },
    },
    env,
    onStop: (handler) => {
      stop = handler;
      return () => undefined;
    },
    onReload: (handler) => {
      reload = handler;
      return () => undefined;
    },
  });
  const printed = await announced;
  checkDocument(["ledger", "serve", "--json"], printed);
  const document = JSON.parse(printed) as ServedLedgers["document"];
  const { endpoint } = document;
  return {
    endpoint,
    document,
    env: { LEDGER_ENDPOINT: endpoint },
    log: () => parseLog(written),
    reload: () => {
      reload();
    },
    stop: () => {
      stop();
      return ended;
    },
  };
}
