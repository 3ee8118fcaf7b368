// SPDX-License-Identifier: MIT
import { RULES, type Rule } from "./rules";

const HEAD = `# Rules of \`ledger-loader lint\`

<!-- Generated from packages/lint; a test keeps it up to date. -->

For people who run a channel that exists already. After this page you know which settings \`lint\` finds, what each costs and how to fix it.

\`\`\`sh
ledger-loader lint template.yml
ledger-loader lint stack:orders-loader --region eu-west-1
\`\`\`

[The command](cli.md#lint) tells how parameters get their values. \`not checked\` in its output lists what the template does not show: a queue of another
stack, topics of Kafka, nested stacks. \`lint\` cannot see what programs send: partition keys, message groups and versions.

The first word of a rule is its effect on events: lost, reordered, held up, or a failure that stays unnoticed.
[Delivery guarantees](../concepts/delivery-guarantees.md) explains the channels.
`;

/** The reference page of all rules, as Markdown. A test compares it with `docs/reference/lint.md`. */
export function renderRules(): string {
  const sections = (Object.entries(RULES) as readonly (readonly [string, Rule])[]).map(
    ([name, { effect, why, fix }]) => `## \`${name}\`\n\n**${capitalized(effect)}.** ${why}\n\n${fix}\n`,
  );
  return [HEAD, ...sections].join("\n");
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
