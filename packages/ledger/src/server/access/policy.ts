// SPDX-License-Identifier: MIT

/** One statement of a policy, as in IAM: actions and resources are patterns with `*` and `?`. */
export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Decides whether an action on a resource is allowed; the resource may have several ARNs. */
export type Policy = (action: string, arns: readonly string[]) => boolean;

/**
 * Makes a policy of statements.
 *
 * The rules are IAM's: what no statement allows is denied, and a statement that denies wins over others. Action names are
 * compared without regard to case. Partition, region and account of ARNs are not compared, because this server has one of
 * each: policies written for QLDB work unchanged.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function createPolicy(statements: readonly PolicyStatement[]): Policy {
  const rules = statements.map(({ effect, actions, resources }) => {
    const ofAction = toMatcher(actions, "i");
    const ofResource = toMatcher(resources.map(toLocal), "");
    return {
      effect,
      matches: (action: string, names: readonly string[]) =>
        ofAction.test(action) && names.some((name) => ofResource.test(name)),
    };
  });
  return (action, arns) => {
    const names = arns.map(toLocal);
    const effects = rules.filter((rule) => rule.matches(action, names)).map(({ effect }) => effect);
    return effects.includes("Allow") && !effects.includes("Deny");
  };
}

/** Leaves out the parts of an ARN that are the same for every resource of a server; `*` stands for every resource. */
function toLocal(arn: string): string {
  return arn.replace(/^arn:[^:]*:qldb:[^:]*:[^:]*:/, "qldb:");
}

function toMatcher(patterns: readonly string[], flags: string): RegExp {
  const expressions = patterns.map((pattern) =>
    pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replace(/\?/g, "."),
  );
  return new RegExp(`^(?:${expressions.join("|")})$`, flags);
}
