// SPDX-License-Identifier: MIT
import { RULES, type Rule } from "./rules";

const HEAD = `# Rules of \`ledger-loader lint\`

<!-- Generated from packages/lint; a test keeps it up to date. -->

For people who run a channel that exists already. After this page you know which settings \`lint\` finds, what each costs and how to fix it.

\`\`\`sh
ledger-loader lint template.yml
ledger-loader lint stack:orders-loader --region eu-west-1
\`\`\`

\`lint\` reads a CloudFormation template or a deployed stack. Exit code 0: no finding. 1: findings. 2: the template cannot be read, or has no channel.

- A parameter has the value of \`--parameter NAME=VALUE\`, or its default. Without a value, both branches of a choice are checked.
- \`not checked\` lists what the template does not show: a queue of another stack, topics of Kafka, nested stacks.
- \`lint\` cannot see what programs send: partition keys, message groups and versions.

[Delivery guarantees](../concepts/delivery-guarantees.md) explains the channels.
`;

/** The reference page of all rules, as Markdown. A test compares it with `docs/reference/lint.md`. */
export function renderRules(): string {
  const sections = (Object.entries(RULES) as readonly (readonly [string, Rule])[]).map(
    ([name, { effect, why, fix }]) => `## \`${name}\`\n\nEffect: ${effect}. ${why}\n\nFix: ${fix}\n`,
  );
  return [HEAD, ...sections].join("\n");
}
