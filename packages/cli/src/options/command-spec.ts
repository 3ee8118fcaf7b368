// SPDX-License-Identifier: MIT
import type { Logger } from "@ledger-loader/core";
import type { ExitCode } from "../output/exit-code";
import type { LogChoice } from "../output/open-log";
import type { Progress } from "../output/progress";
import type { Style } from "../output/style";
import type { Terminal } from "../output/terminal";

/** The result of a finished command, for people and for machines. */
export interface CommandOutput {
  readonly exitCode: ExitCode;
  /** The one document that `--json` prints. */
  readonly document: unknown;
  /** The text for people; no newline at the end. Empty prints nothing. */
  readonly text: string;
  /** True for a text that is data: it is printed as it is, not wrapped at the terminal's width. */
  readonly isData?: boolean;
}

/** The parts of a command's output that are printed. */
export type PrintedOutput = Omit<CommandOutput, "exitCode">;

/** All that can be called, for a command that is about the others. */
export interface CommandTable {
  readonly commands: readonly AnyCommandSpec[];
  /** The subject of each group of commands. */
  readonly groups: Readonly<Record<string, string>>;
  /** Options that every command has. */
  readonly common: readonly OptionSpec[];
}

/** The surroundings that a running command may use. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Colours for standard output. */
  readonly style: Style;
  /** A log of what is done: everything with `-v`, nothing without. */
  readonly log: Logger;
  /** Opens the log of a command that keeps running, on standard error. */
  openLog(choice: LogChoice): Logger;
  /** Starts a progress line; see {@link Progress}. Silent with `-q`, and for some time unless standard error is a terminal. */
  progress(label: string, unit: string): Progress;
  /** Says something in passing, on standard error; not with `-q`. */
  note(text: string): void;
  /** Prints before the command ends: what a server that keeps running has to say. */
  announce(output: PrintedOutput): void;
  /** Loads all commands, which takes most of a second. */
  loadTable(): CommandTable;
}

/** One option; `flags` as in `--port <number>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly default?: string | number;
  readonly required?: boolean;
  /** May be given several times; the command gets a list. */
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
  /**
   * The environment variable that is read where the command line lacks the option: `true` or `false` for a flag without a value,
   * a list with commas for a repeatable option. Default: none.
   */
  readonly env?: string;
  /** Flags, such as `--data`, beside which `env` is not read: they say something else in its place. */
  readonly replacedBy?: readonly string[];
  /** Turns the text into what the command gets; throws a {@link LedgerLoaderError} that says what was expected. */
  readonly parse?: (text: string) => unknown;
}

/** One argument by position; `name` as in `<name>` or `<manifest...>`. */
export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
}

/** A line to try, and what it does. */
export interface Example {
  readonly command: string;
  readonly what: string;
}

/** The parts of a command that lists show. `commands/index.ts` declares it, so that a list loads no command's file. */
export interface CommandHead {
  /** The words that call it: `["ledger", "serve"]`. */
  readonly path: readonly string[];
  /** One line, for lists. */
  readonly summary: string;
  /** The names of its arguments, in order: `<name>` or `<manifest...>`. */
  readonly argumentNames: readonly string[];
}

/**
 * All else of a command, in a file of its own.
 *
 * `A` and `O` are what the arguments and options parse to; they are stated here and not inferred, so they MUST agree with
 * `arguments` and `options`.
 */
export interface CommandBody<A extends readonly unknown[] = readonly unknown[], O = unknown> {
  /** The text that follows the summary; paragraphs separated by empty lines. */
  readonly description?: string;
  /** The meaning of each argument, in the order of the names in `commands/index.ts`. */
  readonly arguments?: readonly string[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** The meaning of the exit codes 0, 1 and 3 for this command. */
  readonly exits: { readonly holds: string; readonly doesNotHold?: string; readonly incomplete?: string };
  run(context: CommandContext, args: A, options: O): Promise<CommandOutput>;
}

/** Forgets the types of a command's arguments, to keep it in a table with others. */
export function command<A extends readonly unknown[], O>(body: CommandBody<A, O>): AnyCommandBody {
  return body;
}

/** A command's body whose argument types are known to itself only. */
export type AnyCommandBody = CommandBody<never, never>;

/** A whole command, loaded: the parser, its `--help` and `docs/reference/cli.md` come from this. */
export interface AnyCommandSpec extends CommandHead, Omit<AnyCommandBody, "arguments"> {
  readonly arguments: readonly ArgumentSpec[];
}
