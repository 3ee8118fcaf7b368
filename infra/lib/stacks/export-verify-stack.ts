// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import {
  Choice,
  Condition,
  DefinitionBody,
  DistributedMap,
  Fail,
  JsonPath,
  LogLevel,
  S3JsonItemReader,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { type Construct } from "constructs";
import { acknowledge, shownId, shownText } from "../constructs/acknowledgements";
import { bundledCode } from "../constructs/bundled-code";

/** The properties of an {@link ExportVerifyStack}. */
export interface ExportVerifyStackProps extends StackProps {
  /** The bucket with the exports. The stack only reads it. */
  readonly exportBucketName: string;
  /**
   * The beginning of the keys of the exports. The functions read nothing else.
   * @defaultValue everything in the bucket
   */
  readonly exportPrefix?: string;
  /**
   * How many data objects one function verifies. It must end within 15 minutes.
   * @defaultValue 20
   */
  readonly objectsPerStep?: number;
  /**
   * How many functions run at the same time.
   * @defaultValue 100
   */
  readonly concurrencyMax?: number;
  /**
   * The memory of each function. Lambda gives CPU in proportion.
   * @defaultValue 1769, which is one CPU
   */
  readonly memoryMb?: number;
}

const WILDCARD = "AwsSolutions::AwsSolutions-IAM5[Resource::FINDING]";

/** The rights of a function on a resource; `finding` is the resource as cdk-nag prints it, if it has a wildcard. */
interface Access {
  readonly actions: readonly string[];
  readonly resource: string;
  readonly finding?: string;
}

/** The memory with which a function has one CPU. Source: AWS Lambda's developer guide, "Configure Lambda function memory". */
const ONE_CPU_MB = 1769;
/** The longest that a function may run. Source: AWS Lambda's developer guide, "Lambda quotas". */
const TIMEOUT = Duration.minutes(15);

/**
 * Verifies exports that outgrow one machine: a state machine cuts an export into ranges, verifies them side by side in a
 * Distributed Map, joins them, and writes the certificate to a bucket.
 *
 * An execution's input is `{manifests: ["s3://BUCKET/PREFIX"], digest: {...}}`; the digest may be left out. The execution succeeds if the
 * verdict is `passed` or `incomplete`.
 */
export class ExportVerifyStack extends Stack {
  readonly results: Bucket;
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: ExportVerifyStackProps) {
    super(scope, id, props);
    this.results = createResultsBucket(this);
    const reads = this.#readExports(props);
    const plan = this.#function("plan", props, [...reads, this.#write("steps.json")]);
    const part = this.#function("part", props, [...reads, this.#write("parts/*")]);
    const join = this.#function("join", props, [
      this.#read(),
      this.#write("certificate.html"),
      this.#write("certificate.json"),
    ]);
    this.stateMachine = this.#stateMachine(props, { plan, part, join });
    new CfnOutput(this, "StateMachineArn", {
      value: this.stateMachine.stateMachineArn,
      description: 'Start an execution with {"manifests": ["s3://BUCKET/PREFIX"], "digest": {...}}.',
    });
    new CfnOutput(this, "ResultsBucket", {
      value: this.results.bucketName,
      description: "EXECUTION/certificate.html and certificate.json lie here.",
    });
  }

  #function(
    handler: "plan" | "part" | "join",
    { objectsPerStep = 20, memoryMb = ONE_CPU_MB }: ExportVerifyStackProps,
    accesses: readonly Access[],
  ): LambdaFunction {
    const name = `${handler[0]?.toUpperCase() ?? ""}${handler.slice(1)}`;
    const logGroup = new LogGroup(this, `${name}Log`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, `${name}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    const log = ["logs:CreateLogStream", "logs:PutLogEvents"];
    role.addToPolicy(new PolicyStatement({ actions: log, resources: [logGroup.logGroupArn] }));
    for (const { actions, resource, finding } of accesses) {
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
      if (finding !== undefined) acknowledge(role, WILDCARD, finding);
    }
    return new LambdaFunction(this, name, {
      runtime: Runtime.NODEJS_24_X,
      handler: `index.${handler}`,
      code: bundledCode({ entry: "export-verify" }),
      role,
      logGroup,
      memorySize: memoryMb,
      timeout: TIMEOUT,
      environment: {
        RESULTS_BUCKET: this.results.bucketName,
        OBJECTS_PER_STEP: `${objectsPerStep}`,
        TOOL_VERSION: readVersion(),
      },
    });
  }

  #write(name: string): Access {
    return {
      actions: ["s3:PutObject"],
      resource: this.results.arnForObjects(`*/${name}`),
      finding: `<${shownId(this.results)}.Arn>/*/${name}`,
    };
  }

  #read(): Access {
    return {
      actions: ["s3:GetObject"],
      resource: this.results.arnForObjects("*"),
      finding: `<${shownId(this.results)}.Arn>/*`,
    };
  }

  #readExports({ exportBucketName, exportPrefix = "" }: ExportVerifyStackProps): Access[] {
    const exports = Bucket.fromBucketName(this, "Exports", exportBucketName);
    const objects = `${exportBucketName}/${exportPrefix}*`;
    return [
      { actions: ["s3:ListBucket"], resource: exports.bucketArn },
      {
        actions: ["s3:GetObject"],
        resource: exports.arnForObjects(`${exportPrefix}*`),
        finding: `arn:${shownText(this.partition, "Partition")}:s3:::${objects}`,
      },
    ];
  }

  #stateMachine(
    { concurrencyMax = 100 }: ExportVerifyStackProps,
    functions: Readonly<Record<"plan" | "part" | "join", LambdaFunction>>,
  ): StateMachine {
    const input = {
      manifests: JsonPath.objectAt("$$.Execution.Input.manifests"),
      execution: JsonPath.stringAt("$$.Execution.Name"),
    };
    const plan = new LambdaInvoke(this, "Cut into ranges", {
      lambdaFunction: functions.plan,
      payload: TaskInput.fromObject(input),
      payloadResponseOnly: true,
    });
    const parts = new DistributedMap(this, "Verify the ranges", {
      itemReader: new S3JsonItemReader({ bucket: this.results, key: JsonPath.stringAt("$.key") }),
      // The whole input, so that a digest may be missing.
      itemSelector: {
        input: JsonPath.objectAt("$$.Execution.Input"),
        step: JsonPath.objectAt("$$.Map.Item.Value"),
      },
      mapExecutionType: StateMachineType.STANDARD,
      maxConcurrency: concurrencyMax,
      resultPath: JsonPath.DISCARD,
    });
    parts.itemProcessor(
      new LambdaInvoke(this, "Verify a range", { lambdaFunction: functions.part, payloadResponseOnly: true }),
    );
    const join = new LambdaInvoke(this, "Join the ranges", {
      lambdaFunction: functions.join,
      payload: TaskInput.fromObject(input),
      payloadResponseOnly: true,
    });
    return this.#machine(plan.next(parts).next(join).next(this.#verdict()), Object.values(functions));
  }

  #verdict(): Choice {
    const holds = Condition.or(
      Condition.stringEquals("$.verdict", "passed"),
      Condition.stringEquals("$.verdict", "incomplete"),
    );
    return new Choice(this, "Verdict").when(holds, new Succeed(this, "Nothing contradicts")).otherwise(
      new Fail(this, "The export does not hold", {
        error: "ExportDoesNotHold",
        causePath: JsonPath.format(
          "Verdict {}: see {}",
          JsonPath.stringAt("$.verdict"),
          JsonPath.stringAt("$.page"),
        ),
      }),
    );
  }

  #machine(
    definition: Parameters<typeof DefinitionBody.fromChainable>[0],
    functions: readonly LambdaFunction[],
  ): StateMachine {
    const machine = new StateMachine(this, "StateMachine", {
      definitionBody: DefinitionBody.fromChainable(definition),
      logs: {
        destination: new LogGroup(this, "StateMachineLog", {
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
      },
      tracingEnabled: true,
    });
    acknowledge(machine, "AwsSolutions::AwsSolutions-IAM5[Resource::*]");
    for (const finding of this.#machineFindings(machine, functions)) acknowledge(machine, WILDCARD, finding);
    return machine;
  }

  /** The rights that CDK gives the state machine: call any version of its functions, read its list, start and stop the map's runs. */
  #machineFindings(machine: StateMachine, functions: readonly LambdaFunction[]): string[] {
    const partition = shownText(this.partition, "Partition");
    const place = `${shownText(this.region, "Region")}:${shownText(this.account, "AccountId")}`;
    const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${shownId(machine)}"}]}]}`;
    return [
      ...functions.map((each) => `<${shownId(each)}.Arn>:*`),
      `arn:${partition}:s3:::<${shownId(this.results)}>/*`,
      ...[":*", "/*:*"].map((end) => `arn:${partition}:states:${place}:execution:${name}${end}`),
    ];
  }
}

function createResultsBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, "Results", {
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(bucket, "AwsSolutions::AwsSolutions-S1");
  return bucket;
}

/** The version of this package, from sources in tests and from `dist` otherwise. */
function readVersion(): string {
  const places = ["../../package.json", "../../../package.json"].map((place) => path.join(__dirname, place));
  const file = places.find((place) => existsSync(place)) ?? "";
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
