// SPDX-License-Identifier: MIT
import { type LoaderConfig, SETTINGS, toEnvironment, withoutUndefined } from "@ledger-loader/core";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Connections, type ISecurityGroup, type IVpc, type SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Alias,
  Architecture,
  type EventSourceMapping,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
  type EventSourceMappingOptions,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { CommonValues } from "../parameters/function-parameters";
import { TABLE_ID_FIELDS_BYTES_MAX } from "../rules/common-rules";
import { acknowledge, shownId, shownText } from "./acknowledgements";
import { isMappingFile } from "./mapping-file";
import { bundledCode } from "./bundled-code";
import { functionStatements, secretArn } from "./function-statements";
import { letLogsUse } from "./keys";
import type { ILedger } from "./ledger";
import { createQueue } from "./loader-queue";
import { sourceName, type SourceExport } from "./source-export";
import { undeliveredBucketStatements } from "./undelivered-bucket";

/** The parts of a function that its channel decides. */
export interface FunctionSpec {
  /** The entry in `infra/lambda`, such as `sqs`. */
  readonly entry: string;
  /** The channel's own environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The channel's own files, put beside the code by these names. */
  readonly files?: Readonly<Record<string, string>>;
  /** The user's own mapper, for channels that have one. */
  readonly loadEventMapper?: SourceExport | undefined;
}

/** The parts of a function that its loader decides. */
export interface LoaderFunctionProps extends FunctionSpec {
  readonly values: CommonValues;
  readonly ledger: ILedger;
  readonly maskingKey?: ISecret | undefined;
  readonly deadLetterQueue?: IQueue | undefined;
  readonly receiptQueue?: IQueue | undefined;
  readonly encryptionKey?: IKey | undefined;
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
}

const RUNTIME = Runtime.NODEJS_24_X;
/** The alias that event sources invoke, with any version behind it. */
export const ALIAS = "live";

/** Names beside the code. A file keeps none of its own, as it may lie anywhere. */
const MAPPING_FILE = "mapping.ion";
const MASKING_FILE = "masking.ion";
const ID_FIELDS_FILE = "id-fields.ion";

/**
 * The Lambda function of a loader: its code bundled without Docker, an alias for event sources to call, a log group, a
 * dead-letter queue of the loader's own, and a role that may do what the function does and nothing else.
 */
export class LoaderFunction extends Construct {
  /** The alias that event sources invoke. */
  readonly alias: Alias;
  readonly functionName: string;
  /** Where the loader parks what it cannot apply. */
  readonly deadLetters: IQueue;
  readonly role: Role;
  readonly logGroup: LogGroup;
  /** The function's network interfaces; outside of a VPC it has none. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: LoaderFunctionProps) {
    super(scope, id);
    const { values, encryptionKey } = props;
    this.deadLetters =
      props.deadLetterQueue ?? createQueue(this, "DeadLetters", { encryptionKey, ...values });
    this.logGroup = new LogGroup(this, "Log", {
      retention: values.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    letLogsUse(this, encryptionKey);
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    const { deadLetters, logGroup } = this;
    for (const statement of functionStatements(this, { ...props, deadLetters, logGroup }))
      this.role.addToPolicy(statement);
    this.#acknowledge(props);
    const code = this.#createCode(props);
    this.connections = props.vpc === undefined ? new Connections() : code.connections;
    this.functionName = code.functionName;
    this.alias = this.#createAlias(values, code);
  }

  /**
   * Lets Lambda poll a source for the function. The role gets the actions that AWS documents for it, not CDK's selection,
   * which is wider, and may write to the bucket for records that Lambda gives up.
   */
  connect(
    id: string,
    options: EventSourceMappingOptions & { readonly undelivered?: Bucket },
    statements: readonly PolicyStatement[],
  ): EventSourceMapping {
    const { undelivered, ...mapping } = options;
    for (const statement of statements) this.role.addToPolicy(statement);
    if (undelivered !== undefined) {
      for (const statement of undeliveredBucketStatements(undelivered)) this.role.addToPolicy(statement);
      acknowledge(
        this.role,
        "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING/*]",
        `<${shownId(undelivered)}.Arn>`,
      );
    }
    return this.alias.addEventSourceMapping(id, {
      ...mapping,
      ...(undelivered === undefined
        ? {}
        : {
            supportS3OnFailureDestination: true,
            onFailure: { bind: () => ({ destination: undelivered.bucketArn }) },
          }),
    });
  }

  #createCode(props: LoaderFunctionProps): LambdaFunction {
    const { values, encryptionKey, environment } = props;
    return new LambdaFunction(this, "Function", {
      runtime: RUNTIME,
      handler: "index.handler",
      code: codeOf(props),
      role: this.role,
      logGroup: this.logGroup,
      memorySize: values.memoryMb,
      timeout: Duration.seconds(values.timeoutSeconds),
      tracing: values.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: { ...this.#environment(props), ...environment, ...values.environment },
      ...(encryptionKey === undefined ? {} : { environmentEncryption: encryptionKey }),
      ...(values.architecture === "arm64" ? { architecture: Architecture.ARM_64 } : {}),
      ...(values.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: values.reservedConcurrency }),
      ...networkOf(props),
    });
  }

  #createAlias({ provisionedConcurrency }: CommonValues, code: LambdaFunction): Alias {
    return new Alias(this, "Alias", {
      aliasName: ALIAS,
      version: code.currentVersion,
      ...(provisionedConcurrency === 0 ? {} : { provisionedConcurrentExecutions: provisionedConcurrency }),
    });
  }

  #environment({
    values,
    ledger,
    maskingKey,
    receiptQueue,
  }: LoaderFunctionProps): Readonly<Record<string, string>> {
    const { revisionWriter, mapping, maskingFile, tableIdFieldsFile, tableIdFields, ...settings } = values;
    const isFile = tableIdFieldsFile !== undefined || isLarge(tableIdFields);
    const config: Partial<LoaderConfig> = {
      ledgerName: ledger.ledgerName,
      ledgerRegion: ledger.region ?? Stack.of(this).region,
      ledgerEndpoint: ledger.endpoint,
      ledgerCredentialsSecret: ledger.secret && secretArn(ledger.secret),
      ...settings,
      ...(isLarge(tableIdFields) ? {} : { tableIdFields }),
      maskingKeySecret: maskingKey && secretArn(maskingKey),
      revisionWriter: typeof revisionWriter === "string" ? revisionWriter : sourceName(revisionWriter),
      deadLetters: { kind: "sqs", queueUrl: this.deadLetters.queueUrl },
      receipts: receiptQueue && { kind: "sqs", queueUrl: receiptQueue.queueUrl },
      mapping: isMappingFile(mapping) ? MAPPING_FILE : mapping,
      maskingFile: maskingFile && MASKING_FILE,
      tableIdFieldsFile: isFile ? ID_FIELDS_FILE : undefined,
    };
    return toEnvironment(SETTINGS, config);
  }

  /** The wildcards that AWS demands; the rules find every other. */
  #acknowledge({ vpc, values, ledger }: LoaderFunctionProps): void {
    if (vpc !== undefined || values.tracing)
      acknowledge(this.role, "AwsSolutions::AwsSolutions-IAM5[Resource::*]");
    if (ledger.endpoint !== undefined) return;
    const { partition, region, account } = Stack.of(this);
    // As cdk-nag prints the ARN: with a placeholder where the environment is not known.
    const place = [ledger.region ?? shownText(region, "Region"), shownText(account, "AccountId")].join(":");
    const arn = `arn:${shownText(partition, "Partition")}:qldb:${place}:ledger/${ledger.ledgerName}`;
    acknowledge(this.role, "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING/table/*]", arn);
  }
}

function networkOf({ vpc, vpcSubnets, securityGroups }: LoaderFunctionProps): object {
  if (vpc === undefined) return {};
  return {
    vpc,
    ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    ...(securityGroups === undefined ? {} : { securityGroups: [...securityGroups] }),
  };
}

/** Lambda limits all variables together, and a map of many tables would fill them. */
function isLarge(tableIdFields: Readonly<Record<string, string>>): boolean {
  return (
    Object.values(toEnvironment(SETTINGS, { tableIdFields })).join("").length > TABLE_ID_FIELDS_BYTES_MAX
  );
}

function codeOf({ entry, values, files, loadEventMapper }: LoaderFunctionProps): Code {
  const { revisionWriter, mapping, maskingFile, tableIdFieldsFile, tableIdFields } = values;
  return bundledCode({
    entry,
    revisionWriter: typeof revisionWriter === "string" ? undefined : revisionWriter,
    loadEventMapper,
    files: {
      ...files,
      ...withoutUndefined({
        [MAPPING_FILE]: isMappingFile(mapping) ? mapping : undefined,
        [MASKING_FILE]: maskingFile,
        [ID_FIELDS_FILE]: tableIdFieldsFile,
      }),
    },
    ...(isLarge(tableIdFields) ? { texts: { [ID_FIELDS_FILE]: JSON.stringify(tableIdFields) } } : {}),
  });
}
