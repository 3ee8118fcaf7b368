// SPDX-License-Identifier: MIT

/** The commands of the shell itself; everything else is PartiQL. */
export type ShellCommand =
  | { readonly name: "help" | "exit" | "start" | "commit" | "abort" | "tables" }
  /** Without a format: says which one it is. */
  | { readonly name: "format"; readonly format: string | undefined };

interface Declaration {
  readonly name: ShellCommand["name"];
  readonly words: RegExp;
  /** How it is typed, for the help. */
  readonly typed: string;
  readonly meaning: string;
}

const DECLARATIONS: readonly Declaration[] = [
  {
    name: "start",
    words: /^(?:start|begin)(?: transaction)?$/i,
    typed: "start, begin",
    meaning: "begins a transaction; without one, each statement commits by itself",
  },
  {
    name: "commit",
    words: /^commit(?: transaction)?$/i,
    typed: "commit",
    meaning: "commits the transaction",
  },
  {
    name: "abort",
    words: /^(?:abort|rollback)(?: transaction)?$/i,
    typed: "abort, rollback",
    meaning: "gives the transaction up",
  },
  { name: "tables", words: /^(?:show )?tables$/i, typed: "tables", meaning: "lists the tables" },
  {
    name: "format",
    words: /^format(?: (?<format>\S+))?$/i,
    typed: "format NAME",
    meaning: "shows rows as ion, pretty, table or json from now on",
  },
  { name: "help", words: /^(?:help|\\\?|\\h|\?)$/i, typed: "help", meaning: "shows this list" },
  { name: "exit", words: /^(?:exit|quit|\\q)$/i, typed: "exit, quit", meaning: "leaves, as Ctrl-D does" },
];

/** The command that a text is, with or without a semicolon; `undefined` for PartiQL. */
export function parseShellCommand(text: string): ShellCommand | undefined {
  const words = text.replace(/;\s*$/, "").trim().replace(/\s+/g, " ");
  for (const { name, words: pattern } of DECLARATIONS) {
    const match = pattern.exec(words);
    if (match === null) continue;
    return name === "format" ? { name, format: match.groups?.["format"]?.toLowerCase() } : { name };
  }
  return undefined;
}

/** The list of all commands. */
export function shellHelp(): string {
  const rows = [
    ...DECLARATIONS.map(({ typed, meaning }) => [typed, meaning] as const),
    ["Ctrl-C", "cancels the running statement, or clears what was typed"] as const,
    ["Up, Down", "walk through the history; a line that begins with a blank is not kept"] as const,
  ];
  return [
    "A statement of PartiQL ends with a semicolon, or with an empty line.",
    ...rows.map(([typed, meaning]) => `  ${typed.padEnd(18)}${meaning}`),
  ].join("\n");
}
