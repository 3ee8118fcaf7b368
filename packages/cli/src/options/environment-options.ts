// SPDX-License-Identifier: MIT
import type { Environment } from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
import type { OptionSpec } from "./command-spec";

/** An option as a command declares it, and what the parser made of the command line. */
export interface ParsedOption {
  readonly spec: OptionSpec;
  /** The name of its value among the command's options. */
  readonly name: string;
  /** True if the command line has it: a default is not given. */
  readonly isGiven: boolean;
}

/**
 * Reads options that the command line lacks from environment variables. An empty variable counts as one that is not set.
 *
 * A variable is not read where the command line has an option that takes its option's place.
 *
 * @throws UsageError naming every variable that cannot be read
 */
export function optionsFromEnvironment(
  options: readonly ParsedOption[],
  env: Environment,
): Readonly<Record<string, unknown>> {
  const problems: string[] = [];
  const found: Record<string, unknown> = {};
  for (const option of options) {
    const text = env[option.spec.env ?? ""] ?? "";
    if (text === "" || isOverridden(option, options)) continue;
    try {
      found[option.name] = parse(option.spec, text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return found;
}

function isOverridden({ spec, isGiven }: ParsedOption, options: readonly ParsedOption[]): boolean {
  const others = spec.replacedBy ?? [];
  return isGiven || options.some((other) => other.isGiven && others.includes(flagOf(other.spec)));
}

/** Errors name the variable, not the option that was never typed. */
function parse(spec: OptionSpec, text: string): unknown {
  const { env = "", repeatable = false } = spec;
  if (!spec.flags.includes(" ")) return parseFlag(env, text);
  try {
    return repeatable ? text.split(",").map((part) => parseText(spec, part.trim())) : parseText(spec, text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message.replaceAll(flagOf(spec), env), { cause: error });
  }
}

function parseText(spec: OptionSpec, text: string): unknown {
  const { choices, parse: read = (word: string): unknown => word } = spec;
  const choice = choices?.find((each) => each === text || each === text.toLowerCase());
  if (choices === undefined || choice !== undefined) return read(choice ?? text);
  throw new UsageError(
    `expected ${flagOf(spec)} to be one of ${choices.join(", ")}, found ${JSON.stringify(text)}`,
  );
}

/** A flag that is false is absent. */
function parseFlag(env: string, text: string): true | undefined {
  const word = text.toLowerCase();
  if (word === "true") return true;
  if (word === "false") return undefined;
  throw new UsageError(`expected ${env} to be true or false, found ${JSON.stringify(text)}`);
}

/** `--port` of `--port <number>`, `--quiet` of `-q, --quiet`. */
export function flagOf({ flags }: OptionSpec): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? "";
}
