// SPDX-License-Identifier: MIT
import { type LoaderConfig, SETTINGS, toEnvironment, withoutUndefined } from "@ledger-loader/core";
import { Annotations, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Subnet, SecurityGroup, Vpc, type ISubnet } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
  type EventSourceMappingOptions,
} from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Queue, type IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge, shownId, shownText } from "./acknowledgements";
import { bundledCode } from "./bundled-code";
import type { FUNCTION_PARAMETERS, LOADER_PARAMETERS } from "../parameters/function-parameters";
import { qldbStatements } from "./ledger-permissions";
import { createQueue } from "./loader-queue";
import type { ParameterValues } from "../parameters/parameter";
import { sourceName, type SourceExport } from "./source-export";
import { undeliveredBucketStatements } from "./undelivered-bucket";

/** The values that every loader has, whatever its channel. */
export type LoaderValues = ParameterValues<typeof LOADER_PARAMETERS & typeof FUNCTION_PARAMETERS>;

/** What a channel's stack makes of its function. */
export interface LoaderFunctionProps {
  /** The entry in `infra/lambda`, such as `sqs`. */
  readonly entry: string;
  readonly values: LoaderValues;
  /** The channel's own environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The channel's own files, put beside the code by these names. */
  readonly files?: Readonly<Record<string, string>>;
  /** The user's own mapper, for channels that have one. */
  readonly loadEventMapper?: SourceExport;
}

const RUNTIME = Runtime.NODEJS_24_X;
/** Names beside the code. A file keeps none of its own, as it may lie anywhere. */
const MASKING_FILE = "masking.ion";
const ID_FIELDS_FILE = "id-fields.ion";

/**
 * The Lambda function of a loader: its code bundled without Docker, an alias for event sources to call, a log group, a
 * dead-letter queue of the loader's own, and a role that may do what the function does and nothing else.
 */
export class LoaderFunction extends Construct {
  /** What event sources invoke. */
  readonly alias: Alias;
  /** Where the loader parks what it cannot apply. */
  readonly deadLetters: IQueue;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: LoaderFunctionProps) {
    super(scope, id);
    const { values } = props;
    this.deadLetters =
      values.deadLetterQueueArn === undefined
        ? createQueue(this, "DeadLetters")
        : Queue.fromQueueArn(this, "DeadLetters", values.deadLetterQueueArn);
    const logGroup = new LogGroup(this, "Log", {
      retention: values.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    for (const statement of this.#statements(values, logGroup)) this.role.addToPolicy(statement);
    this.#acknowledge(values);
    const code = new LambdaFunction(this, "Function", {
      runtime: RUNTIME,
      handler: "index.handler",
      code: codeOf(props),
      role: this.role,
      logGroup,
      memorySize: values.memoryMb,
      timeout: Duration.seconds(values.timeoutSeconds),
      tracing: values.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: { ...this.#environment(values), ...props.environment },
      ...(values.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: values.reservedConcurrency }),
      ...this.#network(values),
    });
    this.alias = new Alias(this, "Alias", {
      aliasName: "live",
      version: code.currentVersion,
      ...(values.provisionedConcurrency === 0
        ? {}
        : { provisionedConcurrentExecutions: values.provisionedConcurrency }),
    });
  }

  /**
   * Lets Lambda poll a source for the function. The role gets the actions that AWS documents for it, not CDK's selection,
   * which is wider, and may write to the bucket for records that Lambda gives up.
   */
  connect(
    id: string,
    options: EventSourceMappingOptions & { readonly undelivered?: Bucket },
    statements: readonly PolicyStatement[],
  ): void {
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
    this.alias.addEventSourceMapping(id, {
      ...mapping,
      ...(undelivered === undefined
        ? {}
        : {
            supportS3OnFailureDestination: true,
            onFailure: { bind: () => ({ destination: undelivered.bucketArn }) },
          }),
    });
  }

  #environment(values: LoaderValues): Readonly<Record<string, string>> {
    const { revisionWriter, maskingFile, tableIdFieldsFile, ...settings } = values;
    const config: Partial<LoaderConfig> = {
      ...settings,
      ledgerRegion: values.ledgerRegion ?? Stack.of(this).region,
      revisionWriter: typeof revisionWriter === "string" ? revisionWriter : sourceName(revisionWriter),
      deadLetters: { kind: "sqs", queueUrl: this.deadLetters.queueUrl },
      maskingFile: maskingFile && MASKING_FILE,
      tableIdFieldsFile: tableIdFieldsFile && ID_FIELDS_FILE,
    };
    return toEnvironment(SETTINGS, config);
  }

  #statements(values: LoaderValues, logGroup: LogGroup): PolicyStatement[] {
    const secrets = [values.ledgerCredentialsSecret, values.maskingKeySecret].filter(
      (secret) => secret !== undefined,
    );
    const region = values.ledgerRegion ?? Stack.of(this).region;
    return [
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
      new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [this.deadLetters.queueArn] }),
      ...(secrets.length === 0
        ? []
        : [new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: secrets })]),
      ...(values.ledgerEndpoint === undefined ? qldbStatements(this, values.ledgerName, region) : []),
      ...(values.vpcId === undefined ? [] : [networkInterfaces()]),
    ];
  }

  /** The wildcards that AWS demands; the rules find every other. */
  #acknowledge({ vpcId, tracing, ledgerEndpoint, ledgerName, ledgerRegion }: LoaderValues): void {
    if (vpcId !== undefined || tracing)
      acknowledge(this.role, "AwsSolutions::AwsSolutions-IAM5[Resource::*]");
    if (ledgerEndpoint !== undefined) return;
    const { partition, region, account } = Stack.of(this);
    // As cdk-nag prints the ARN: with a placeholder where the environment is not known.
    const place = [ledgerRegion ?? shownText(region, "Region"), shownText(account, "AccountId")].join(":");
    const ledger = `arn:${shownText(partition, "Partition")}:qldb:${place}:ledger/${ledgerName}`;
    acknowledge(this.role, "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING/table/*]", ledger);
  }

  #network({ vpcId, subnetIds = [], securityGroupIds }: LoaderValues): object {
    if (vpcId === undefined) return {};
    const subnets: ISubnet[] = subnetIds.map((subnetId) => {
      const subnet = Subnet.fromSubnetId(this, subnetId, subnetId);
      // Nothing here asks for its route table.
      Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId");
      return subnet;
    });
    return {
      // By id, so that nothing is looked up in an account. The function takes the subnets; CDK only demands some zone.
      vpc: Vpc.fromVpcAttributes(this, "Vpc", { vpcId, availabilityZones: ["not used"] }),
      vpcSubnets: { subnets },
      ...(securityGroupIds === undefined
        ? {}
        : {
            securityGroups: securityGroupIds.map((group) =>
              SecurityGroup.fromSecurityGroupId(this, group, group, { mutable: false }),
            ),
          }),
    };
  }
}

/**
 * What Lambda needs to put a function into a VPC. These actions have no resource to be limited to before the network
 * interfaces are there. Source: AWS Lambda's developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
function networkInterfaces(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resources: ["*"],
  });
}

function codeOf({ entry, values, files, loadEventMapper }: LoaderFunctionProps): Code {
  const { revisionWriter, maskingFile, tableIdFieldsFile } = values;
  return bundledCode({
    entry,
    revisionWriter: typeof revisionWriter === "string" ? undefined : revisionWriter,
    loadEventMapper,
    files: {
      ...files,
      ...withoutUndefined({ [MASKING_FILE]: maskingFile, [ID_FIELDS_FILE]: tableIdFieldsFile }),
    },
  });
}
