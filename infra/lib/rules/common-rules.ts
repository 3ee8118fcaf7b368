// SPDX-License-Identifier: MIT
import { SETTINGS, toEnvironment, type LoaderConfig } from "@ledger-loader/core";
import { DYNAMODB_SETTINGS } from "@ledger-loader/dynamodb";
import type { DynamoDbValues } from "../parameters/dynamodb-parameters";
import type { LoaderValues } from "../parameters/function-parameters";
import { rule, SOURCES, type Rule } from "./rule";

/** Sessions that a ledger opens at the same time: QLDB's limit, and that of this project's ledger. */
const LEDGER_SESSIONS_MAX = 1_500;
/** All variables of a function together, names and values. */
const ENVIRONMENT_BYTES_MAX = 4_096;
/** The size of the variables that the stack adds: the addresses of ledger and dead-letter queue are known at deployment. */
const STACK_VARIABLES_BYTES = 500;
/** Above it, `tableIdFields` travels as a file beside the code. */
export const TABLE_ID_FIELDS_BYTES_MAX = 1_024;

/** The parameter that each built-in writer ignores. */
const IGNORED: ReadonlyMap<unknown, string> = new Map([
  ["BaseRevisionWriter", "tableIdFields"],
  ["TableMapperRevisionWriter", "idField"],
]);

/** Rules of the loader's own parameters, whatever its channel. */
const LOADER_RULES: readonly Rule[] = [
  rule<LoaderValues>({
    channels: "all",
    meaning: "`ledgerEndpoint` is an `https` URL, unless `allowHttp` is set.",
    source: SOURCES.project,
    check: ({ values: { ledgerEndpoint, allowHttp } }) =>
      allowHttp !== true &&
      ledgerEndpoint !== undefined &&
      /^http:/i.test(ledgerEndpoint) &&
      `ledgerEndpoint: expected an https URL, found ${ledgerEndpoint}; allowHttp sends documents in the clear`,
  }),
  rule<LoaderValues>({
    channels: ["dms", "dynamodb"],
    meaning: "No `mapping`: the channel has its own parameters.",
    source: SOURCES.project,
    check: ({ given }) =>
      given.has("mapping") &&
      "mapping: expected none, since this channel maps its records by its own parameters, found one",
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`maskingKeySecret` comes with `maskingFile`.",
    source: SOURCES.project,
    check: ({ values: { maskingFile }, given }) =>
      maskingFile === undefined &&
      given.has("maskingKeySecret") &&
      "maskingKeySecret: expected with maskingFile only, found without",
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`tableIdFields` and `tableIdFieldsFile` exclude each other.",
    source: SOURCES.project,
    check: ({ given }) =>
      given.has("tableIdFields") &&
      given.has("tableIdFieldsFile") &&
      "tableIdFields: expected tableIdFields or tableIdFieldsFile, found both",
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "BaseRevisionWriter takes `idField`, TableMapperRevisionWriter takes `tableIdFields`.",
    source: SOURCES.project,
    check: ({ values: { revisionWriter }, given }) => {
      const name = IGNORED.get(revisionWriter);
      return (
        name !== undefined &&
        given.has(name) &&
        `${name}: expected with ${name === "idField" ? "BaseRevisionWriter" : "TableMapperRevisionWriter"} only, as the other one ignores it, found it`
      );
    },
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "The ARN of a secret is complete: it ends with a hyphen and six characters.",
    source: SOURCES.secrets,
    check: ({ values }) =>
      (["ledgerCredentialsSecret", "maskingKeySecret", "scramSecretArn"] as const).flatMap((name) => {
        const arn = (values as Readonly<Record<string, unknown>>)[name];
        return typeof arn === "string" && !/-[A-Za-z0-9]{6}$/.test(arn)
          ? [`${name}: expected the complete ARN, which ends with a hyphen and six characters, found ${arn}`]
          : [];
      }),
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`metricsNamespace` does not begin with `AWS/`.",
    source: SOURCES.cloudWatch,
    check: ({ values: { metricsNamespace } }) =>
      metricsNamespace !== undefined &&
      /^AWS\//i.test(metricsNamespace) &&
      `metricsNamespace: expected a namespace that does not begin with AWS/, found ${metricsNamespace}`,
  }),
];

/** Rules of the function, whatever its channel. */
const FUNCTION_RULES: readonly Rule[] = [
  rule<LoaderValues>({
    channels: "all",
    meaning: "`vpcId` and `subnetIds` come together.",
    source: SOURCES.project,
    check: ({ given }) =>
      given.has("vpcId") !== given.has("subnetIds") &&
      "vpcId: expected vpcId and subnetIds together, found one of them",
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`securityGroupIds` come with `vpcId`.",
    source: SOURCES.project,
    check: ({ given }) =>
      !given.has("vpcId") &&
      given.has("securityGroupIds") &&
      "securityGroupIds: expected with vpcId only, found without",
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`alarmTopicArn` does not come with `alarms: false`.",
    source: SOURCES.project,
    check: ({ values: { alarms }, given }) =>
      alarms === false &&
      (given.has("alarmTopicArn") || given.has("alarmTopic")) &&
      `${given.has("alarmTopic") ? "alarmTopic" : "alarmTopicArn"}: expected with alarms only, found it although alarms is false`,
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`lagMaxSeconds` comes with `metricsNamespace`.",
    source: SOURCES.project,
    check: ({ given }) =>
      given.has("lagMaxSeconds") &&
      !given.has("metricsNamespace") &&
      "lagMaxSeconds: expected with metricsNamespace only, found without",
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`provisionedConcurrency` is not above `reservedConcurrency`.",
    source: SOURCES.lambdaConcurrency,
    check: ({ values: { provisionedConcurrency = 0, reservedConcurrency } }) =>
      reservedConcurrency !== undefined &&
      provisionedConcurrency > reservedConcurrency &&
      `provisionedConcurrency: expected ${reservedConcurrency} or less, which is reserved, found ${provisionedConcurrency}`,
  }),
  rule<LoaderValues & { readonly concurrencyMax?: number }>({
    channels: "all",
    meaning: `Instances times \`sessionsMax\` is at most ${LEDGER_SESSIONS_MAX}.`,
    source: SOURCES.project,
    check: ({ values: { sessionsMax = 1, concurrencyMax, reservedConcurrency } }) => {
      const instances = concurrencyMax ?? reservedConcurrency ?? 1;
      return (
        instances * sessionsMax > LEDGER_SESSIONS_MAX &&
        `sessionsMax: expected ${Math.floor(LEDGER_SESSIONS_MAX / instances)} or less with ${instances} instances, as a ledger opens ${LEDGER_SESSIONS_MAX} sessions, found ${sessionsMax}`
      );
    },
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: "`environment` sets no variable of Lambda or of this project.",
    source: SOURCES.lambdaQuotas,
    check: ({ values: { environment = {} } }) =>
      Object.keys(environment)
        .filter((name) => /^(AWS_|LAMBDA_|_)/.test(name) || OWN_VARIABLES.has(name))
        .map((name) => `environment: expected variables of your own, found ${name}`),
  }),
  rule<LoaderValues>({
    channels: "all",
    meaning: `All variables have at most ${ENVIRONMENT_BYTES_MAX} bytes. Larger \`tableIdFields\` than ${TABLE_ID_FIELDS_BYTES_MAX} bytes become a file.`,
    source: SOURCES.lambdaQuotas,
    check: ({ values }) => checkEnvironmentSize(values),
  }),
];

const OWN_VARIABLES: ReadonlySet<string> = new Set([
  ...Object.values(SETTINGS).map(({ name }) => name),
  ...Object.values(DYNAMODB_SETTINGS).map(({ name }) => name),
]);

/** The largest variables are named, as they are what can be made smaller. */
function checkEnvironmentSize(values: Partial<LoaderValues>): string | undefined {
  const variables = Object.entries(variablesOf(values));
  const bytes = (text: string) => Buffer.byteLength(text);
  const size = variables.reduce(
    (sum, [name, value]) => sum + bytes(name) + bytes(value),
    STACK_VARIABLES_BYTES,
  );
  if (size <= ENVIRONMENT_BYTES_MAX) return undefined;
  const [largest = ["", ""]] = variables.toSorted((a, b) => bytes(b[1]) - bytes(a[1]));
  return `environment: expected ${ENVIRONMENT_BYTES_MAX} bytes or less in all variables of the function, found ${size}, of which ${largest[0]} takes ${bytes(largest[1])}`;
}

function variablesOf(values: Partial<LoaderValues>): Readonly<Record<string, string>> {
  const { revisionWriter: _, tableIdFields, environment, ...settings } = values;
  const own = toEnvironment(SETTINGS, settings as Partial<LoaderConfig>);
  const table = toEnvironment(SETTINGS, { tableIdFields: tableIdFields ?? {} });
  const isSmall = Object.values(table).join("").length <= TABLE_ID_FIELDS_BYTES_MAX;
  return { ...own, ...(isSmall ? table : {}), ...tablesOf(values), ...environment };
}

/** The variables of a DynamoDB table's loader, which other channels do not have. */
function tablesOf(values: object): Readonly<Record<string, string>> {
  return toEnvironment(DYNAMODB_SETTINGS, values as Partial<DynamoDbValues>);
}

/** Rules that hold whatever the channel. */
export const COMMON_RULES: readonly Rule[] = [...LOADER_RULES, ...FUNCTION_RULES];
