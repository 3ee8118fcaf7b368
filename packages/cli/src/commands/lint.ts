// SPDX-License-Identifier: MIT
import { lintTemplate, parseTemplate, TemplateError, type LintReport } from "@ledger-loader/lint";
import { UsageError } from "../cli-errors";
import { readNamedFile } from "../files";
import { readStack, type DeployedTemplate } from "../lint/read-stack";
import { command, type AnyCommandBody } from "../options/command-spec";
import type { Terminal } from "../output/terminal";
import { ExitCode } from "../output/exit-code";
import { lintText } from "../output/lint-text";

interface LintOptions {
  readonly parameter?: readonly (readonly [name: string, value: string])[];
  readonly region?: string;
}

/** `lint TEMPLATE|stack:NAME` */
export const lint: AnyCommandBody = command<readonly [source: string], LintOptions>({
  description:
    "Reads a template (JSON or YAML, such as the CDK's below cdk.out) or a deployed stack. " +
    "docs/reference/lint.md lists the rules.\n\nA parameter has the given value, or its default. Without a " +
    "value, both branches of a choice are checked. `stack:NAME` needs the permissions " +
    "cloudformation:GetTemplate, cloudformation:DescribeStacks, cloudformation:ListStackResources and " +
    "lambda:GetEventSourceMapping.",
  arguments: ["the template's file, or `stack:NAME`"],
  options: [
    {
      flags: "--parameter <name=value>",
      description: "the value of a template's parameter",
      repeatable: true,
      parse: parseParameter,
    },
    { flags: "--region <region>", description: "the region of the stack. Default: AWS_REGION" },
  ],
  examples: [
    { command: "ledger-loader lint cdk.out/MyStack.template.json", what: "a template that the CDK wrote" },
    {
      command: "ledger-loader lint template.yml --parameter OrderEvents=Yes",
      what: "a template with a value for one of its parameters",
    },
    { command: "ledger-loader lint stack:orders-loader --region eu-west-1 --json", what: "a deployed stack" },
  ],
  exits: { holds: "there is no finding", doesNotHold: "there are findings" },
  async run({ terminal, style }, [source], options) {
    const { template, parameters } = await readSource(source, options, terminal);
    const report = lintTemplate(template, parameters);
    requireChannels(report, source);
    return {
      exitCode: report.findings.length === 0 ? ExitCode.holds : ExitCode.doesNotHold,
      document: { source, ...report },
      text: lintText(report, style),
    };
  },
});

async function readSource(
  source: string,
  { region, parameter = [] }: LintOptions,
  { env }: Terminal,
): Promise<DeployedTemplate> {
  const given = new Map(parameter);
  if (!source.startsWith("stack:")) {
    const text = Buffer.from(await readNamedFile(source, "a CloudFormation template")).toString("utf8");
    return { template: parseTemplate(text, source), parameters: given };
  }
  const { template, parameters } = await readStack(env, source.slice("stack:".length), region);
  return { template, parameters: new Map([...parameters, ...given]) };
}

/** A template without a channel was checked for nothing: that is no good news. */
function requireChannels({ channels }: LintReport, source: string): void {
  if (channels > 0) return;
  throw new TemplateError(
    `expected an event source mapping, subscription, rule or endpoint of DMS in ${source}, found none. Name the template of the channel`,
  );
}

function parseParameter(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`expected NAME=VALUE for --parameter, found ${text}`);
}
