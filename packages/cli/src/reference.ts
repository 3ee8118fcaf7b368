// SPDX-License-Identifier: MIT
import type { AnyCommandSpec, OptionSpec } from "./options/command-spec";
import { loadAllCommands } from "./commands";
import { COMMON_OPTIONS } from "./program";
import { PROGRAM } from "./program-name";

/** Renders `docs/reference/cli.md` from the declared commands. */
export function renderReference(): string {
  const commands = loadAllCommands();
  const names = commands.map((spec) => spec.path.join(" "));
  return (
    [
      "# The command line",
      "<!-- Generated from the commands' declarations in packages/cli. Do not edit: a test compares. -->",
      `In a checkout: \`./scripts/${PROGRAM} …\` or \`pnpm ${PROGRAM} …\`. \`${PROGRAM} COMMAND --help\` says the same as this page.`,
      exitCodes(),
      section("Options of every command", optionTable(COMMON_OPTIONS)),
      section(
        "Commands",
        commands
          .map((spec, i) => `- [\`${names[i] ?? ""}\`](#${anchor(names[i] ?? "")}): ${spec.summary}`)
          .join("\n"),
      ),
      ...commands.map(renderCommand),
    ].join("\n\n") + "\n"
  );
}

function exitCodes(): string {
  return section(
    "Exit codes",
    [
      "| code | meaning |",
      "| --- | --- |",
      "| 0 | it holds |",
      "| 1 | it does not hold: verification failed, events were rejected… |",
      "| 2 | no answer: wrong usage, unreadable input, no server |",
      "| 3 | incomplete: nothing contradicts, but a verification could not check a part |",
      "| 141 | nobody reads the output any more, as with `head -1` behind it: it was ended, as SIGPIPE ends other programs |",
    ].join("\n"),
  );
}

function renderCommand(spec: AnyCommandSpec): string {
  const name = spec.path.join(" ");
  const parts = [`\`\`\`text\n${usage(spec)}\n\`\`\``, `${spec.summary}.`];
  if (spec.description !== undefined) parts.push(spec.description);
  if (spec.arguments.length > 0) {
    parts.push(
      rows(
        "argument",
        spec.arguments.map((a) => [a.name, a.description]),
      ),
    );
  }
  if (spec.options !== undefined && spec.options.length > 0) parts.push(optionTable(spec.options));
  parts.push(
    ["```sh", ...spec.examples.map(({ command, what }) => `# ${what}\n${command}`), "```"].join("\n"),
    [
      `Exit code 0: ${spec.exits.holds}.`,
      spec.exits.doesNotHold === undefined ? "" : `1: ${spec.exits.doesNotHold}.`,
      spec.exits.incomplete === undefined ? "" : `3: ${spec.exits.incomplete}.`,
    ]
      .filter(Boolean)
      .join(" "),
  );
  return section(name, parts.join("\n\n"));
}

/** The line that shows how a command is called. */
export function usage(spec: AnyCommandSpec): string {
  const required = (spec.options ?? []).filter((o) => o.required === true).map((o) => o.flags);
  return [PROGRAM, ...spec.path, ...spec.argumentNames, ...required, "[options]"].join(" ");
}

function optionTable(options: readonly OptionSpec[]): string {
  return rows(
    "option",
    options.map((option) => [option.flags, describe(option)]),
  );
}

function describe(option: OptionSpec): string {
  const notes = [
    option.required === true ? "required" : undefined,
    option.repeatable === true ? "may be repeated" : undefined,
    option.choices === undefined ? undefined : `one of ${option.choices.map((c) => `\`${c}\``).join(", ")}`,
    option.default === undefined ? undefined : `default: \`${String(option.default)}\``,
    option.env === undefined ? undefined : `environment: \`${option.env}\``,
  ].filter((note) => note !== undefined);
  return notes.length === 0 ? option.description : `${option.description} (${notes.join("; ")})`;
}

function rows(kind: string, pairs: readonly (readonly [string, string])[]): string {
  return [
    `| ${kind} | meaning |`,
    "| --- | --- |",
    ...pairs.map(([name, text]) => `| \`${name.replaceAll("|", "\\|")}\` | ${text.replaceAll("|", "\\|")} |`),
  ].join("\n");
}

function section(heading: string, body: string): string {
  return `## ${heading}\n\n${body}`;
}

function anchor(heading: string): string {
  return heading.replaceAll(" ", "-");
}
