// SPDX-License-Identifier: MIT
import type { Choice, CompletionPlace } from "./completion-tree";

/** The shells for which there is a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const RENDER: Readonly<Record<Shell, (program: string, places: readonly CompletionPlace[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** The script by which a shell completes the command lines of a program. */
export function completionScript(shell: Shell, program: string, places: readonly CompletionPlace[]): string {
  return RENDER[shell](program, places);
}

function bashScript(program: string, places: readonly CompletionPlace[]): string {
  const name = functionName(program);
  const cases = places.map(({ path, names, options }) => {
    const words = [...names, ...(names.length === 0 ? options : [])].map(({ word }) => word);
    return `    ${quoted(path)}) words=${quoted(words.join(" "))}; files=${names.length === 0 ? "1" : ""} ;;`;
  });
  return `# Completion of ${program} for bash: source this, or put it into the folder of bash-completion.
${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" words="" files="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command\${command:+ }\${COMP_WORDS[i]}" in
    ${pathPattern(places)}) command="$command\${command:+ }\${COMP_WORDS[i]}" ;;
    *) break ;;
    esac
  done
  case "$command" in
${cases.join("\n")}
  esac
  COMPREPLY=()
  # Where files may stand, options are shown once their hyphen is typed.
  if [[ -z "$files" || "$current" == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}
complete -o default -F ${name} ${program}`;
}

function zshScript(program: string, places: readonly CompletionPlace[]): string {
  const name = functionName(program);
  const list = (choices: readonly Choice[]): string =>
    choices.map(({ word, meaning }) => quoted(`${word}:${meaning.replaceAll(":", "\\:")}`)).join(" ");
  const cases = places.map(({ path, names, options }) =>
    names.length > 0
      ? `    ${quoted(path)}) choices=(${list(names)}); _describe command choices ;;`
      : `    ${quoted(path)}) choices=(${list(options)}); if [[ $PREFIX == -* ]]; then _describe option choices; else _files; fi ;;`,
  );
  return `#compdef ${program}
# Completion of ${program} for zsh: source this, or put it into a folder of $fpath as _${program}.
${name}() {
  local command="" i
  local -a choices
  for ((i = 2; i < CURRENT; i++)); do
    case "$command\${command:+ }$words[i]" in
    ${pathPattern(places)}) command="$command\${command:+ }$words[i]" ;;
    *) break ;;
    esac
  done
  case "$command" in
${cases.join("\n")}
  esac
}
if [[ "$funcstack[1]" == _${program} ]]; then ${name} "$@"; else compdef ${name} ${program}; fi`;
}

function fishScript(program: string, places: readonly CompletionPlace[]): string {
  const at = `__${functionName(program)}_at`;
  const lines = places.flatMap(({ path, names, options }) => {
    const condition = quoted(
      `${at} ${quoted(path).replaceAll("'", '"')} ${names.length > 0 ? "only" : ""}`.trimEnd(),
    );
    const command = `complete -c ${program} -n ${condition}`;
    return [
      ...names.map(({ word, meaning }) => `${command} -f -a ${word} -d ${quoted(meaning)}`),
      ...options.map(({ word, meaning }) => `${command} -l ${word.slice(2)} -d ${quoted(meaning)}`),
    ];
  });
  return `# Completion of ${program} for fish: put it into ~/.config/fish/completions/${program}.fish.
function ${at}
    set -l given (commandline -opc)[2..-1]
    set -l wanted (string split -n ' ' -- $argv[1])
    test (count $given) -ge (count $wanted); or return 1
    test "$argv[2]" = only -a (count $given) -ne (count $wanted); and return 1
    test (count $wanted) -eq 0; and return 0
    test "$given[1..(count $wanted)]" = "$wanted"
end
${lines.join("\n")}`;
}

function pathPattern(places: readonly CompletionPlace[]): string {
  return places
    .filter(({ path }) => path !== "")
    .map(({ path }) => quoted(path))
    .join(" | ");
}

function functionName(program: string): string {
  return `_${program.replaceAll("-", "_")}`;
}

/** One word to every shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’").replaceAll("\\", "")}'`;
}
