// SPDX-License-Identifier: MIT
import type { ChannelName } from "../parameters/channel-name";

/** The subject of a rule: one loader of an app, or one construct. */
export interface RuleSubject {
  readonly channel: ChannelName;
  /** The values of its parameters. Those that only the deployment knows, CDK's tokens, are absent. */
  readonly values: object;
  /** The parameters that were set, not left to their defaults. */
  readonly given: ReadonlySet<string>;
  /** The region that it is deployed to, where that is known. */
  readonly region?: string | undefined;
}

/** The input of a rule: values by the names of their parameters. */
export interface RuleInput<V> {
  readonly values: Partial<V>;
  readonly given: ReadonlySet<string>;
  readonly channel: ChannelName;
  readonly region?: string | undefined;
}

/** A limit of AWS, or a rule across parameters, that is checked before anything is deployed. */
export interface Rule {
  /** The channels that it holds for. */
  readonly channels: readonly ChannelName[] | "all";
  /** The law: one sentence of the reference. */
  readonly meaning: string;
  /** Where it comes from: AWS's page, or `This project`. */
  readonly source: string;
  /** Returns the breaches; each problem begins with a parameter. */
  readonly check: (input: RuleInput<Readonly<Record<string, unknown>>>) => readonly string[];
}

/** A rule that reads the values of `V`. */
export interface RuleDefinition<V> extends Omit<Rule, "check"> {
  /** One problem, several, or nothing where the rule holds. */
  readonly check: (input: RuleInput<V>) => string | readonly string[] | false | undefined;
}

/** Declares a rule. */
export function rule<V>({ check, ...definition }: RuleDefinition<V>): Rule {
  return {
    ...definition,
    check: (input) => {
      const found = check(input as RuleInput<V>);
      if (found === undefined || found === false) return [];
      return typeof found === "string" ? [found] : found;
    },
  };
}

/** Finds parameters that describe what the app creates, beside `arn`, which names one that exists already. */
export function describedThoughExisting(
  { given }: Pick<RuleSubject, "given">,
  arn: string,
  kind: string,
  describing: readonly string[],
): readonly string[] {
  if (!given.has(arn)) return [];
  return describing
    .filter((name) => given.has(name))
    .map(
      (name) => `${name}: expected for a created ${kind} only, found it beside a ${kind} that exists already`,
    );
}

/** Pages of AWS that rules come from. */
export const SOURCES = {
  lambdaQuotas: "AWS Lambda, “Lambda quotas”",
  lambdaSqs: "AWS Lambda, “Using Lambda with Amazon SQS”",
  lambdaKinesis: "AWS Lambda, “Using Lambda with Amazon Kinesis”",
  lambdaKafka: "AWS Lambda, “Using Lambda with Amazon MSK”",
  lambdaFilters: "AWS Lambda, “Filter”",
  lambdaConcurrency: "AWS Lambda, “Configuring provisioned concurrency”",
  snsQueues: "“Amazon SNS dead-letter queues”",
  snsFilters: "Amazon SNS, “Filter policy constraints”",
  eventBridge: "Amazon EventBridge, “Quotas”",
  kinesis: "Amazon Kinesis, “Quotas and limits”",
  dynamoDb: "“Change data capture for DynamoDB Streams”",
  cloudWatch: "Amazon CloudWatch, “Publish custom metrics”",
  secrets: "AWS Secrets Manager, “Find secrets”",
  project: "This project",
} as const;
