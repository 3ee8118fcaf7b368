// SPDX-License-Identifier: MIT
import { Argument, Command, CommanderError, Option } from "commander";
import type { AnyCommandSpec, CommandHead, OptionSpec } from "./options/command-spec";
import { optionsFromEnvironment, type ParsedOption } from "./options/environment-options";
import { GROUPS } from "./commands";
import { unmark } from "./literal-words";
import { PROGRAM, ROOT_ENVIRONMENT, SUMMARY, VERSION } from "./program-name";
import type { OutputStream, Terminal } from "./output/terminal";
import { columnsOf, wrap } from "./output/wrap";

/** Runs a command that was found and parsed. */
export type Invoke = (
  spec: AnyCommandSpec,
  args: readonly unknown[],
  options: CommonOptions,
) => Promise<void>;

/** The options of every command. */
export interface CommonOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly debug?: true;
}

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: "--json", description: "print one JSON document on standard output, and nothing else there" },
  { flags: "-q, --quiet", description: "print the result and errors, no progress and no notes" },
  { flags: "-v, --verbose", description: "log on standard error what is done, at level debug" },
  { flags: "--debug", description: "show where an error came from" },
];

/**
 * Builds the parser for one loaded command, or for the heads of all, as lists show them. It throws commander's errors and never
 * ends the process.
 */
export function buildProgram(
  commands: AnyCommandSpec | readonly CommandHead[],
  terminal: Terminal,
  invoke: Invoke,
): Command {
  const program = new Command(PROGRAM)
    .description(SUMMARY)
    .version(VERSION, "-V, --version", "print the version")
    .addHelpText("after", rootHelp())
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({ visibleCommands: leavesOf, subcommandTerm: termOf })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(wrap(text, helpColumns(terminal.stdout))),
      writeErr: (text) => terminal.stderr.write(wrap(text, helpColumns(terminal.stderr))),
      // Wrapped where all output is, and not twice.
      getOutHelpWidth: () => Infinity,
      getErrHelpWidth: () => Infinity,
      outputError: () => undefined,
    });
  if ("run" in commands) addCommand(program, commands, { terminal, invoke });
  else
    for (const head of commands)
      addHead(
        program,
        head,
        head.argumentNames.map((name) => new Argument(name)),
      );
  return program;
}

/** Why commander stopped: it was `asked` for help or the version, it `showed` help for want of a command, or `usage`. */
export function whyStopped(error: unknown): "asked" | "showed" | "usage" | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return "asked";
  return error.code === "commander.help" ? "showed" : "usage";
}

/** The words that lead to the command or group that was called, as far as they are right. */
export function calledPath(program: Command, words: readonly string[]): readonly string[] {
  const next = program.commands.find((command) => command.name() === words[0]);
  return next === undefined ? [] : [next.name(), ...calledPath(next, words.slice(1))];
}

/** The word that stands where a command's name must stand and is none; options may stand there too. */
export function unknownCommand(program: Command, words: readonly string[]): string | undefined {
  const path = calledPath(program, words);
  const word = words[path.length];
  const called = path.reduce((at, name) => at.commands.find((each) => each.name() === name) ?? at, program);
  return word === undefined || word.startsWith("-") || called.commands.length === 0 ? undefined : word;
}

/** All commands below a group, groups left out: the help shows what can be called. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((sub) => (sub.commands.length > 0 ? leavesOf(sub) : [sub]));
}

function termOf(command: Command): string {
  const names: string[] = [];
  for (let at = command; at.parent !== null; at = at.parent) names.unshift(at.name());
  return [
    ...names,
    ...command.registeredArguments.map((a) => `<${a.name()}${a.variadic ? "..." : ""}>`),
  ].join(" ");
}

/** Adds a command as lists show it. */
function addHead(program: Command, { path, summary }: CommandHead, args: readonly Argument[]): Command {
  const command = parentOf(program, path)
    .command(path.at(-1) ?? "")
    .summary(summary)
    .helpGroup(headingOf(path));
  for (const argument of args) command.addArgument(argument);
  return command;
}

/** The surroundings of a command that was called. */
interface Calling {
  readonly terminal: Terminal;
  readonly invoke: Invoke;
}

function addCommand(program: Command, spec: AnyCommandSpec, { terminal, invoke }: Calling): void {
  const args = spec.arguments.map(({ name, description }) => new Argument(name, description));
  const command = addHead(program, spec, args)
    .description([spec.summary + ".", spec.description].filter(Boolean).join("\n\n"))
    .addHelpText("after", examplesText(spec));
  const options = [...(spec.options ?? []), ...COMMON_OPTIONS].map((each) => [each, toOption(each)] as const);
  for (const [, option] of options) command.addOption(option);
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, -2).map(unmarkAll);
    const parsed = options.map(([each, option]): ParsedOption => {
      const name = option.attributeName();
      return { spec: each, name, isGiven: command.getOptionValueSource(name) === "cli" };
    });
    const fromEnvironment = optionsFromEnvironment(parsed, terminal.env);
    await invoke(spec, args, { ...(given.at(-2) as CommonOptions), ...fromEnvironment });
  });
}

/** Finds or creates the group that a command belongs to: `ledger` of `ledger serve`. */
function parentOf(program: Command, path: readonly string[]): Command {
  return path.slice(0, -1).reduce((parent, name) => {
    const known = parent.commands.find((command) => command.name() === name);
    return (
      known ??
      parent
        .command(name)
        .description(GROUPS[name] ?? "")
        .helpGroup(headingOf(path))
    );
  }, program);
}

function toOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, descriptionOf(spec));
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.required === true) option.makeOptionMandatory();
  // Commander checks choices by a parser of its own.
  if (spec.choices !== undefined || (!option.required && spec.parse === undefined)) return option;
  const { parse = (text: string): unknown => text } = spec;
  return option.argParser<unknown>((text, earlier) => {
    const value = parse(unmark(text));
    return spec.repeatable === true ? [...((earlier ?? []) as readonly unknown[]), value] : value;
  });
}

/** Commander's own variables are those of the process, and take every text for a flag that is set. */
function descriptionOf({ description, env }: OptionSpec): string {
  return env === undefined ? description : `${description} (environment: ${env})`;
}

function unmarkAll(argument: unknown): unknown {
  if (Array.isArray(argument)) return argument.map(unmarkAll);
  return typeof argument === "string" ? unmark(argument) : argument;
}

function examplesText(spec: AnyCommandSpec): string {
  const examples = spec.examples.map(({ command, what }) => `  # ${what}\n  ${command}`);
  const exits = [`  0  ${spec.exits.holds}`];
  if (spec.exits.doesNotHold !== undefined) exits.push(`  1  ${spec.exits.doesNotHold}`);
  exits.push("  2  no answer: wrong usage, unreadable input, no server");
  if (spec.exits.incomplete !== undefined) exits.push(`  3  ${spec.exits.incomplete}`);
  return `\nExamples:\n${examples.join("\n")}\n\nExit codes:\n${exits.join("\n")}\n`;
}

/** Under which heading lists show the commands of a group, or a command without a group. */
const HEADINGS: Readonly<Record<string, string>> = {
  export: "Verify and move an export:",
  reconcile: "Verify and move an export:",
  proof: "Verify and move an export:",
  certificate: "Verify and move an export:",
  load: "Load events:",
  consume: "Load events:",
  redrive: "Load events:",
  receipt: "Load events:",
  ledger: "Run and use a ledger:",
  lint: "Set up:",
  completion: "Set up:",
  man: "Set up:",
};

function headingOf([first = ""]: readonly string[]): string {
  return HEADINGS[first] ?? "Commands:";
}

const ROOT_EXAMPLES: readonly (readonly [what: string, command: string])[] = [
  ["verify a journal export, down to the last hash", "export verify ./export --digest digest.json"],
  ["run a ledger on this machine", "ledger serve --data ./data"],
  ["load events from a file", "load events.jsonl --to ledger:vehicles"],
];

/** The text after the list of all commands. */
function rootHelp(): string {
  const examples = ROOT_EXAMPLES.map(([what, line]) => `  # ${what}\n  ${PROGRAM} ${line}`);
  const variables = ROOT_ENVIRONMENT.map(([name, meaning]) => `  ${name.padEnd(18)}${meaning}`);
  return [
    `\nExamples:\n${examples.join("\n")}`,
    `Environment:\n${variables.join("\n")}`,
    `"${PROGRAM} help COMMAND" shows how a command is called. Documentation: docs/start.md, docs/reference/cli.md.`,
  ].join("\n\n");
}

/** Longer lines of prose are hard to read. */
const HELP_COLUMNS_MAX = 110;
const HELP_COLUMNS_IN_PIPE = 80;

function helpColumns(stream: OutputStream): number {
  return Math.min(columnsOf(stream) ?? HELP_COLUMNS_IN_PIPE, HELP_COLUMNS_MAX);
}
