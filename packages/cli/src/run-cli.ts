// SPDX-License-Identifier: MIT
import { explainMissingPackage, LedgerLoaderError } from "@ledger-loader/errors";
import type { Logger } from "@ledger-loader/core";
import type { Command } from "commander";
import type { CommandContext, PrintedOutput } from "./options/command-spec";
import { UsageError } from "./cli-errors";
import { errorLine } from "./output/error-line";
import { ExitCode } from "./output/exit-code";
import { type LogChoice, openLog } from "./output/open-log";
import { printableData } from "./output/printable-data";
import { type Progress, SILENT_PROGRESS, startProgress } from "./output/progress";
import { COMMAND_HEADS, GROUPS, loadAllCommands, loadCommand } from "./commands";
import { helpWords } from "./help-words";
import { markLiteralWords, unmark } from "./literal-words";
import {
  buildProgram,
  calledPath,
  COMMON_OPTIONS,
  type CommonOptions,
  unknownCommand,
  whyStopped,
} from "./program";
import { OPTIONAL_PACKAGES, PROGRAM } from "./program-name";
import { styleFor } from "./output/style";
import type { Terminal } from "./output/terminal";
import { fitTo } from "./output/wrap";
import { suggestCommands, suggestionText } from "./unknown-command";

/**
 * Runs one command line and returns the exit code; never throws, never ends the process.
 *
 * @param words What follows the program's name.
 */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const json = words.includes("--json");
  let exitCode: ExitCode = ExitCode.noAnswer;
  const meant = helpWords(words, Object.keys(GROUPS));
  const program = buildProgram(loadCommand(meant) ?? COMMAND_HEADS, terminal, async (spec, args, options) => {
    const context = contextFor(terminal, options);
    const output = await spec.run(context, args as never, options as never);
    print(terminal, json, output);
    exitCode = output.exitCode;
    context.log.debug({ command: spec.path.join(" "), exitCode }, "command ended");
  });
  try {
    requireCommand(program, meant);
    await program.parseAsync(markLiteralWords(meant), { from: "user" });
    return exitCode;
  } catch (error) {
    const why = whyStopped(error);
    if (why === "asked") return ExitCode.holds;
    if (why === "usage") reportError(terminal, usageError(error, calledPath(program, meant)), words);
    else if (why === undefined) reportError(terminal, explainMissingPackage(error, OPTIONAL_PACKAGES), words);
    return ExitCode.noAnswer;
  }
}

/** @throws UsageError for a word where the name of a command must stand, with the commands that may be meant. */
function requireCommand(program: Command, words: readonly string[]): void {
  const unknown = unknownCommand(program, words);
  if (unknown === undefined) return;
  const group = calledPath(program, words);
  const help = [PROGRAM, ...group, "--help"].join(" ");
  const paths = COMMAND_HEADS.map(({ path }) => path);
  const meant = suggestionText(suggestCommands(paths, group, unknown));
  throw new UsageError(`unknown command '${unknown}'. ${meant}See "${help}"`);
}

function contextFor(terminal: Terminal, { json, quiet, verbose }: CommonOptions): CommandContext {
  if (quiet === true && verbose === true)
    throw new UsageError("expected --quiet or --verbose, found both: choose one");
  let progress: Progress | undefined;
  const beforeLine = (): void => progress?.finish();
  const openLogWith = (choice: LogChoice): Logger => openLog(terminal, { ...choice, beforeLine });
  return {
    terminal,
    style: styleFor(terminal.stdout, terminal.env),
    log: verbose === true ? openLogWith({ level: "debug", format: logFormatOf(terminal.env) }) : SILENT,
    openLog: openLogWith,
    progress: (label, unit) => {
      if (quiet === true) return SILENT_PROGRESS;
      progress = startProgress(terminal, label, unit);
      return progress;
    },
    note: (text) => {
      if (quiet !== true) terminal.stderr.write(`${fitTo(terminal.stderr, text)}\n`);
    },
    announce: (output) => {
      print(terminal, json === true, output);
    },
    loadTable: () => ({ commands: loadAllCommands(), groups: GROUPS, common: COMMON_OPTIONS }),
  };
}

/** As core's own; a command that logs nothing loads no core. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** `LOG_FORMAT` of the environment; commands that keep running say what is wrong with another text. */
function logFormatOf(env: Terminal["env"]): LogChoice["format"] {
  const format = env["LOG_FORMAT"]?.toLowerCase();
  return format === "json" || format === "text" ? format : "auto";
}

function print(terminal: Terminal, json: boolean, output: PrintedOutput): void {
  if (json) {
    if (output.document !== undefined) printDocument(terminal, output.document);
  } else if (output.text !== "") {
    const text = output.isData === true ? output.text : fitTo(terminal.stdout, output.text);
    terminal.stdout.write(`${text}\n`);
  }
}

/** Commander's messages begin with `error: `, which every error gets here anyway. */
function usageError(error: unknown, called: readonly string[]): UsageError {
  const message =
    error instanceof Error ? error.message.replace(/^error: /, "").replaceAll("\n", " ") : String(error);
  return new UsageError(`${unmark(message)}; see "${[PROGRAM, ...called, "--help"].join(" ")}"`);
}

function reportError(terminal: Terminal, error: unknown, words: readonly string[]): void {
  const style = styleFor(terminal.stderr, terminal.env);
  const expected = error instanceof LedgerLoaderError;
  const code = expected ? error.code : "BUG";
  const message = error instanceof Error ? error.message : String(error);
  const lines = [errorLine(style, message, code)];
  if (!expected) {
    lines.push(
      `This is a bug of ${PROGRAM}: please report it with the lines below, without private content.`,
    );
  }
  const shown = [fitTo(terminal.stderr, lines.join("\n"))];
  if (!expected || words.includes("--debug")) shown.push(stackOf(error));
  terminal.stderr.write(`${shown.join("\n")}\n`);
  if (words.includes("--json")) printDocument(terminal, { error: { code, message } });
}

function printDocument(terminal: Terminal, document: unknown): void {
  terminal.stdout.write(`${printableData(JSON.stringify(document, null, 2))}\n`);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
