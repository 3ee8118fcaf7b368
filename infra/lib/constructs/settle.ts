// SPDX-License-Identifier: MIT
import path from "node:path";
import { Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { ChannelName } from "../parameters/channel-name";
import { COMMON_PARAMETERS, type CommonValues } from "../parameters/function-parameters";
import type { Parameters, ParameterValues } from "../parameters/parameter";
import { readParameter } from "../parameters/read-parameter";
import { checkLoader } from "../rules/check-loader";
import { DeploymentConfigError } from "../infra-errors";
import { checkExtensions } from "./check-extensions";
import { isMappingFile } from "./mapping-file";
import type { LoaderProps } from "./loader-props";

/** The properties that a construct is given, and its place. */
export interface Given<P extends Parameters> {
  readonly scope: Construct;
  readonly id: string;
  readonly channel: ChannelName;
  /** The channel's own parameters. */
  readonly parameters: P;
  readonly props: object & Pick<LoaderProps, "architecture" | "maskingKey">;
  /** Parameters of the app that name resources, where the construct was given them: rules look at both alike. */
  readonly resources?: Readonly<Record<string, unknown>>;
}

/** Parameters that name files, which stand in the user's own folders. */
const FILES = ["maskingFile", "tableIdFieldsFile", "mappingFile"];
const EXTENSIONS = ["revisionWriter", "loadEventMapper"];

/**
 * The values of a loader's parameters: what was given, or the defaults.
 *
 * @throws DeploymentConfigError naming everything that is wrong or does not fit together.
 */
export function settle<P extends Parameters>(given: Given<P>): CommonValues & ParameterValues<P> {
  const problems: string[] = [];
  const props = readProps(given.props);
  const values = Object.fromEntries(
    Object.entries({ ...COMMON_PARAMETERS, ...given.parameters }).map(([name, parameter]) => [
      name,
      readParameter(name, parameter, props[name], problems),
    ]),
  ) as CommonValues & ParameterValues<P>;
  const resources = { maskingKeySecret: given.props.maskingKey?.secretArn, ...given.resources };
  const set = Object.entries({ ...props, ...resources }).filter(([, value]) => value !== undefined);
  if (problems.length === 0) {
    const { region } = Stack.of(given.scope);
    problems.push(
      ...checkLoader({
        channel: given.channel,
        values: { ...values, ...resources },
        given: new Set(set.map(([name]) => name)),
        region: Token.isUnresolved(region) ? undefined : region,
      }),
      ...checkExtensions(values, given.props.maskingKey !== undefined),
    );
  }
  if (problems.length > 0) {
    const place = [given.scope.node.path, given.id].filter((part) => part !== "").join("/");
    throw new DeploymentConfigError(problems.map((problem) => `${place}: ${problem}`));
  }
  return values;
}

/** The properties by the names and forms of the parameters; files are found from the current folder on. */
function readProps(props: Given<Parameters>["props"]): Readonly<Record<string, unknown>> {
  const entries = Object.entries<unknown>({ ...props, architecture: props.architecture?.name });
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isFile = FILES.includes(name) || (name === "mapping" && isMappingFile(value));
      if (isFile && typeof value === "string") return [name, path.resolve(value)];
      const source = value as { readonly entry?: unknown } | undefined;
      return EXTENSIONS.includes(name) && typeof source?.entry === "string"
        ? [name, { ...source, entry: path.resolve(source.entry) }]
        : [name, value];
    }),
  );
}
