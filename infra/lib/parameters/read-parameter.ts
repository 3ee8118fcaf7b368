// SPDX-License-Identifier: MIT
import { Token } from "aws-cdk-lib";
import type { Parameter, Parameters, ParameterValues } from "./parameter";

/**
 * Reads the value of one parameter: as it is parsed, or its default. A token of CDK's is known when the stack is deployed only,
 * and stays as it is.
 */
export function readParameter(
  name: string,
  parameter: Parameter<unknown>,
  found: unknown,
  problems: string[],
): unknown {
  if (found === undefined) {
    if (!("defaultValue" in parameter))
      problems.push(`${name}: expected ${parameter.accepts}, found nothing`);
    return parameter.defaultValue;
  }
  if (Token.isUnresolved(found)) return found;
  const value = parameter.parse(found);
  if (value === undefined)
    problems.push(`${name}: expected ${parameter.accepts}, found ${JSON.stringify(found)}`);
  return value;
}

/** The values of some parameters out of more. */
export function pickParameters<const P extends Parameters>(
  parameters: P,
  values: ParameterValues<P>,
): ParameterValues<P> {
  const all = values as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, all[name]])) as ParameterValues<P>;
}
