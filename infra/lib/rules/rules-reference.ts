// SPDX-License-Identifier: MIT
import { SHARED_RULES } from "./app-rules";
import { RULES } from "./check-loader";
import { SOURCES, type Rule } from "./rule";

/** The reference page of all rules, as Markdown. A test compares it with `docs/reference/deploy-rules.md`. */
export function renderRulesReference(): string {
  return [
    "# Rules of a deployment",
    "",
    "<!-- Generated from infra/lib/rules; a test keeps it up to date. -->",
    "",
    "For people who deploy loaders. Synthesis checks these rules across [parameters](deploy-parameters.md), and reports all problems together.",
    "Tokens of the CDK are not checked. A rule of AWS names AWS's page.",
    "",
    ...[...byChannels(RULES)].flatMap(([channels, rules]) => section(headingOf(channels), rules)),
    "## Between the loaders of one app",
    "",
    "In one account and region:",
    "",
    ...SHARED_RULES.map(line),
    "",
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

function section(heading: string, rules: readonly Rule[]): readonly string[] {
  return [`## ${heading}`, "", ...rules.map(line), ""];
}

function line({ meaning, source }: Pick<Rule, "meaning" | "source">): string {
  return source === SOURCES.project ? `- ${meaning}` : `- ${meaning} (${source})`;
}
