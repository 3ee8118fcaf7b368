// SPDX-License-Identifier: MIT
import { SHARED_RULES } from "./app-rules";
import { RULES } from "./check-loader";
import type { Rule } from "./rule";

/** The reference page of all rules, as Markdown. A test compares it with `docs/reference/deploy-rules.md`. */
export function renderRulesReference(): string {
  const everywhere = RULES.filter(({ channels }) => channels === "all");
  const some = RULES.filter(({ channels }) => channels !== "all");
  return [
    "# Rules of a deployment",
    "",
    "<!-- Generated from infra/lib/rules; a test keeps it up to date. -->",
    "",
    "For those who deploy loaders. Synthesis checks these limits of AWS and rules across parameters, and reports everything that",
    "breaks one, before anything is deployed. A value that only the deployment knows, a token of CDK's, is not checked.",
    "[Each parameter](deploy-parameters.md) has a form and limits of its own, too.",
    "",
    "## Every loader",
    "",
    ...everywhere.flatMap((each) => line(each)),
    "",
    "## Some channels",
    "",
    ...some.flatMap((each) => line(each)),
    "",
    "## Between the loaders of one app",
    "",
    "In one account and region:",
    "",
    ...SHARED_RULES.flatMap((each) => line(each)),
    "",
  ].join("\n");
}

function line({
  channels,
  meaning,
  source,
}: Pick<Rule, "channels" | "meaning" | "source">): readonly string[] {
  const where = channels === "all" ? [] : [`Channels: ${channels.map((name) => `\`${name}\``).join(", ")}.`];
  return [`- ${[meaning, ...where, `Source: ${source}.`].join("\n  ")}`];
}
