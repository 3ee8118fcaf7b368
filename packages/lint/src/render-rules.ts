// SPDX-License-Identifier: MIT
import { RULES, type Rule } from "./rules";

const HEAD = `# Rules of \`ledger-loader lint\`

<!-- Generated from packages/lint; a test keeps it up to date. -->

For people who run a channel that exists already. After this page you know which settings \`lint\` finds, what each costs and how to fix it.

\`\`\`sh
ledger-loader lint template.yml
ledger-loader lint stack:orders-loader --region eu-west-1
\`\`\`

\`lint\` reads a CloudFormation template (JSON or YAML) or a deployed stack. Exit code 0: there is no finding. 1: there are findings. 2: the
template cannot be read, or it has no channel.

- A parameter has the value that \`--parameter NAME=VALUE\` gives, or its default. A choice that depends on a parameter without a given value
  is checked with both branches.
- \`stack:NAME\` reads the parameters of the stack, and its event source mappings as they are set today.
- \`lint\` lists under \`not checked\` what the template does not tell: a queue of another stack, the topics of Kafka, nested stacks.
- \`lint\` cannot see what programs send: their partition keys, message groups and versions.

The effect of a rule is one of \`lost\`, \`reordered\`, \`held up\` and \`unnoticed\`. [Delivery guarantees](../concepts/delivery-guarantees.md) explains the
guarantee of each channel, and [channels](../guides/channels.md) lists all settings.
`;

/** The reference page of all rules, as Markdown. A test compares it with `docs/reference/lint.md`. */
export function renderRules(): string {
  const sections = (Object.entries(RULES) as readonly (readonly [string, Rule])[]).map(
    ([name, { effect, why, fix }]) => `## \`${name}\`\n\n- Effect: ${effect}\n- Why: ${why}\n- Fix: ${fix}\n`,
  );
  return [HEAD, ...sections].join("\n");
}
