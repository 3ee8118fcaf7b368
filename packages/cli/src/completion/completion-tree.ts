// SPDX-License-Identifier: MIT
import type { AnyCommandSpec, CommandTable, OptionSpec } from "../options/command-spec";

/** A word that may stand somewhere, and what it means. */
export interface Choice {
  readonly word: string;
  readonly meaning: string;
}

/** The words that may follow those that were typed so far. */
export interface CompletionPlace {
  /** The words of a group or command, `export verify`; empty for the program alone. */
  readonly path: string;
  /** Names that must follow; empty where a command is complete and files or options follow. */
  readonly names: readonly Choice[];
  readonly options: readonly Choice[];
}

/** Every place of a command line at which something can be completed. */
export function completionPlaces({ commands, groups, common }: CommandTable): readonly CompletionPlace[] {
  const alone = commands
    .filter(({ path }) => path.length === 1)
    .map(({ path, summary }) => choice(path[0], summary));
  const first = [...Object.entries(groups).map(([word, meaning]) => choice(word, meaning)), ...alone];
  return [
    {
      path: "",
      names: first,
      options: [choice("--help", "how it is called"), choice("--version", "the version")],
    },
    ...Object.keys(groups).map((group) => groupPlace(group, commands)),
    ...commands.map((command) => commandPlace(command, common)),
  ];
}

function groupPlace(group: string, commands: readonly AnyCommandSpec[]): CompletionPlace {
  const below = commands.filter(({ path }) => path[0] === group && path.length > 1);
  return {
    path: group,
    names: below.map(({ path, summary }) => choice(path[1], summary)),
    options: [choice("--help", "how it is called")],
  };
}

function commandPlace(
  { path, options = [] }: AnyCommandSpec,
  common: readonly OptionSpec[],
): CompletionPlace {
  const all = [...options, ...common].map(({ flags, description }) =>
    choice(/--[\w-]+/.exec(flags)?.[0], description),
  );
  return { path: path.join(" "), names: [], options: [...all, choice("--help", "how it is called")] };
}

/** Shells show one line, and some read a colon as the end of the word. */
function choice(word = "", meaning: string): Choice {
  const [sentence = ""] = meaning.split(/(?<=\.) |\n/);
  return { word, meaning: sentence.replace(/\.$/, "") };
}
