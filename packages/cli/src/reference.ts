// SPDX-License-Identifier: MIT
import type { AnyCommandSpec, ArgumentSpec, OptionSpec } from "./options/command-spec";
import { loadAllCommands } from "./commands";
import { variableOf } from "./serve/serve-options";
import { COMMON_OPTIONS } from "./program";
import { PROGRAM } from "./program-name";

const LEDGER_ONLY = " (ledger only)";

/** Renders `docs/reference/cli.md` from the declared commands: what several of them share stands once. */
export function renderReference(): string {
  const commands = loadAllCommands();
  const names = commands.map((spec) => spec.path.join(" "));
  const shared = findShared(commands);
  return (
    [
      "# The command line",
      "<!-- Generated from the commands' declarations in packages/cli. Do not edit: a test compares. -->",
      `For everyone who runs commands. In a checkout, write \`./scripts/${PROGRAM}\`. \`${PROGRAM} COMMAND --help\` shows the same, and the command's exit codes.`,
      exitCodes(),
      section("Commands", names.map((name) => `[\`${name}\`](#${anchor(name)})`).join(" · ")),
      section("Shared arguments", list(argumentsOf(commands, shared))),
      section("Shared options", optionList([...COMMON_OPTIONS, ...optionsOf(commands, shared)])),
      section("Shared notes", paragraphsOf(commands, shared).join("\n\n")),
      ...commands.map((spec) => renderCommand(spec, shared)),
    ].join("\n\n") + "\n"
  );
}

/** The parts that several commands have word for word: arguments, options, paragraphs. They stand once. */
function findShared(commands: readonly AnyCommandSpec[]): ReadonlySet<string> {
  const parts = commands.flatMap((spec) => [...spec.arguments.map(argumentText), ...paragraphs(spec)]);
  const options = commands.flatMap((spec) => spec.options ?? []);
  return new Set([
    ...parts.filter((part, i) => parts.indexOf(part) !== i),
    ...firstOfEach(options, ({ flags }) => flags).flatMap(({ flags }) => sharedText(options, flags)),
  ]);
}

/** The text that most commands have for an option, as one option may mean something else in another command. */
function sharedText(options: readonly OptionSpec[], flags: string): readonly string[] {
  const texts = options.filter((option) => option.flags === flags).map(optionText);
  const countOf = (text: string): number => texts.filter((each) => each === text).length;
  const [most] = texts.toSorted((a, b) => countOf(b) - countOf(a));
  return most !== undefined && countOf(most) > 1 ? [most] : [];
}

function argumentText({ name, description }: ArgumentSpec): string {
  return `${name}: ${description}`;
}

function optionText(option: OptionSpec): string {
  return `${option.flags}: ${describe(withoutTarget(option))}`;
}

/** The option without the remark that it is for targets that are ledgers, which commands with several targets add. */
function withoutTarget(option: OptionSpec): OptionSpec {
  return { ...option, description: option.description.replace(LEDGER_ONLY, "") };
}

function paragraphs({ description = "" }: AnyCommandSpec): readonly string[] {
  return description.split("\n\n").filter((paragraph) => paragraph !== "");
}

function argumentsOf(
  commands: readonly AnyCommandSpec[],
  shared: ReadonlySet<string>,
): readonly (readonly [string, string])[] {
  const all = commands.flatMap((spec) => spec.arguments).filter((each) => shared.has(argumentText(each)));
  return firstOfEach(all, argumentText).map(({ name, description }) => [name, description]);
}

function optionsOf(commands: readonly AnyCommandSpec[], shared: ReadonlySet<string>): readonly OptionSpec[] {
  const all = commands.flatMap((spec) => spec.options ?? []).filter((each) => shared.has(optionText(each)));
  return firstOfEach(all, optionText).map(withoutTarget);
}

function paragraphsOf(commands: readonly AnyCommandSpec[], shared: ReadonlySet<string>): readonly string[] {
  return firstOfEach(
    commands.flatMap(paragraphs).filter((each) => shared.has(each)),
    (each) => each,
  );
}

function firstOfEach<T>(all: readonly T[], textOf: (each: T) => string): readonly T[] {
  const texts = all.map(textOf);
  return all.filter((_, i) => texts.indexOf(texts[i] ?? "") === i);
}

function exitCodes(): string {
  return section(
    "Exit codes",
    [
      "| code | meaning |",
      "| --- | --- |",
      "| 0 | passed |",
      "| 1 | a check failed, or events were rejected |",
      "| 2 | could not run: wrong usage, unreadable input, no server |",
      "| 3 | incomplete: a part could not be checked |",
      "| 141 | the reader of the output ended, as `head -1` does |",
    ].join("\n"),
  );
}

function renderCommand(spec: AnyCommandSpec, shared: ReadonlySet<string>): string {
  const options = spec.options ?? [];
  const own = options.filter((option) => !shared.has(optionText(option)));
  const ownArguments = spec.arguments.filter((each) => !shared.has(argumentText(each)));
  const parts = [
    `\`\`\`text\n${usage(spec)}\n\`\`\``,
    `${spec.summary}.`,
    ...paragraphs(spec).filter((paragraph) => !shared.has(paragraph)),
    [
      ...(ownArguments.length === 0 ? [] : [list(ownArguments.map((each) => [each.name, each.description]))]),
      ...(own.length === 0 ? [] : [optionList(own)]),
    ].join("\n"),
    sharedFlags(options.filter((option) => !own.includes(option))),
    ["```sh", ...spec.examples.map(({ command, what }) => `# ${what}\n${command}`), "```"].join("\n"),
  ];
  return section(spec.path.join(" "), parts.filter(Boolean).join("\n\n"));
}

function sharedFlags(options: readonly OptionSpec[]): string {
  const isForLedger = ({ description }: OptionSpec): boolean => description.endsWith(LEDGER_ONLY);
  return [
    listFlags(
      "[Also](#shared-options)",
      options.filter((option) => !isForLedger(option)),
    ),
    listFlags("For `ledger:NAME`", options.filter(isForLedger)),
  ]
    .filter(Boolean)
    .join(" ");
}

function listFlags(title: string, options: readonly OptionSpec[]): string {
  const flags = options.map((option) => `\`${option.flags.split(" ")[0] ?? ""}\``);
  return flags.length === 0 ? "" : `${title}: ${flags.join(", ")}.`;
}

/** The line that shows how a command is called. */
export function usage(spec: AnyCommandSpec): string {
  const required = (spec.options ?? []).filter((o) => o.required === true).map((o) => o.flags);
  return [PROGRAM, ...spec.path, ...spec.argumentNames, ...required, "[options]"].join(" ");
}

function optionList(options: readonly OptionSpec[]): string {
  return list(options.map((option) => [option.flags, describe(option)]));
}

function describe(option: OptionSpec): string {
  const notes = [
    option.required === true ? "Required." : undefined,
    option.repeatable === true ? "May be repeated." : undefined,
    option.choices === undefined ? undefined : `One of ${option.choices.map((c) => `\`${c}\``).join(", ")}.`,
    option.default === undefined ? undefined : `Default: \`${String(option.default)}\`.`,
    // The description of `ledger serve` says how its variables are named.
    option.env === undefined || option.env === variableOf(option)
      ? undefined
      : `Environment: \`${option.env}\`.`,
  ].filter((note) => note !== undefined);
  return [notes.length === 0 ? option.description : `${option.description}.`, ...notes].join(" ");
}

function list(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, text]) => `- \`${name}\`: ${text}`).join("\n");
}

function section(heading: string, body: string): string {
  return `## ${heading}\n\n${body}`;
}

function anchor(heading: string): string {
  return heading.replaceAll(" ", "-");
}
