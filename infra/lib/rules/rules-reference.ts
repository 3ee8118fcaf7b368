// SPDX-License-Identifier: MIT
import { SHARED_RULES } from "./app-rules";
import { RULES } from "./check-loader";
import { SOURCES, type Rule } from "./rule";

/** The parts of a rule that the reference shows. */
type Described = Pick<Rule, "meaning" | "source">;

/** The reference page of all rules, as Markdown. A test compares it with `docs/reference/deploy-rules.md`. */
export function renderRulesReference(): string {
  return [
    "# Rules of a deployment",
    "",
    "<!-- Generated from infra/lib/rules; a test keeps it up to date. -->",
    "",
    "For people who deploy loaders. Synthesis checks these rules across [parameters](deploy-parameters.md), and reports all problems together.",
    "Tokens of the CDK are not checked.",
    "",
    ...[...byChannels(RULES)].flatMap(([channels, rules]) => section(headingOf(channels), rules)),
    ...section("Between the loaders of one app in one account and region", SHARED_RULES),
  ].join("\n");
}

/** The rules of every set of channels, in the order of their first rules. */
function byChannels(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const groups = new Map<string, readonly Rule[]>();
  for (const each of rules) {
    const key = each.channels === "all" ? "" : each.channels.map((name) => `\`${name}\``).join(", ");
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

function headingOf(channels: string): string {
  return channels === "" ? "Every loader" : channels;
}

function section(heading: string, rules: readonly Described[]): readonly string[] {
  const sources = new Set(rules.map(({ source }) => source).filter((source) => source !== SOURCES.project));
  const pages = sources.size === 0 ? [] : ["", `AWS's pages: ${[...sources].join(" · ")}.`];
  return [`## ${heading}`, "", ...rules.map(({ meaning }) => `- ${meaning}`), ...pages, ""];
}
