// SPDX-License-Identifier: MIT
import type { AnyCommandSpec, CommandTable, OptionSpec } from "../options/command-spec";
import { PROGRAM, ROOT_ENVIRONMENT, SUMMARY, VERSION } from "../program-name";

/** The page of the program for section 1 of the manual, in the macros of man(7). */
export function manualPage({ commands, common }: CommandTable): string {
  return [
    `.TH ${PROGRAM.toUpperCase().replaceAll("-", "\\-")} 1 "" "${PROGRAM} ${VERSION}" "User commands"`,
    section("NAME", `${text(PROGRAM)} \\- ${text(SUMMARY.replace(/\.$/, ""))}`),
    section("SYNOPSIS", `.B ${text(PROGRAM)}\n.I command\n[options]`),
    section("COMMANDS", commands.map(commandText).join("\n")),
    section("OPTIONS OF ALL COMMANDS", common.map(optionText).join("\n")),
    section("EXIT STATUS", EXITS.map(([code, meaning]) => item(code, text(meaning))).join("\n")),
    section("ENVIRONMENT", ROOT_ENVIRONMENT.map(([name, meaning]) => item(name, text(meaning))).join("\n")),
  ].join("\n");
}

const EXITS: readonly (readonly [code: string, meaning: string])[] = [
  ["0", "It holds, or was done."],
  ["1", "It does not hold: a check failed, or events were rejected."],
  ["2", "No answer: wrong usage, unreadable input, no server."],
  ["3", "Incomplete: nothing contradicts, but a part could not be checked."],
];

function section(heading: string, body: string): string {
  return `.SH "${heading}"\n${body}`;
}

function commandText(spec: AnyCommandSpec): string {
  const names = spec.arguments.map(({ name }) => name);
  const paragraphs = (spec.description ?? "").split("\n\n").filter((each) => each !== "");
  return [
    `.SS "${[...spec.path, ...names].map(text).join(" ")}"`,
    text(`${spec.summary}.`),
    ...paragraphs.map((each) => `.PP\n${text(each)}`),
    ...spec.arguments.map(({ name, description }) => item(name, text(description))),
    ...(spec.options ?? []).map(optionText),
    ...spec.examples.map(
      ({ command, what }) => `.PP\n${text(what)}:\n.PP\n.RS 4\n.nf\n${text(command)}\n.fi\n.RE`,
    ),
  ].join("\n");
}

function optionText({ flags, description, choices, default: usual, env }: OptionSpec): string {
  const parts = [
    description,
    choices === undefined ? "" : `One of ${choices.join(", ")}.`,
    usual === undefined ? "" : `Default: ${usual}.`,
    env === undefined ? "" : `Environment: ${env}.`,
  ];
  return item(
    flags,
    text(
      parts
        .filter((part) => part !== "")
        .join(". ")
        .replaceAll("..", "."),
    ),
  );
}

function item(term: string, meaning: string): string {
  return `.TP\n.B ${text(term)}\n${meaning}`;
}

/** A text in roff: a line that begins with a period or a quote would be a macro. Code is bold. */
function text(plain: string): string {
  return plain
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll('"', "\\(dq")
    .replace(/`([^`]*)`/g, "\\fB$1\\fR")
    .replace(/^(?=[.'])/gm, "\\&")
    .replace(/[^\x00-\x7f]/gu, (sign) => `\\[u${codeOf(sign)}]`);
}

/** The code point of a character, as roff names it. */
function codeOf(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
