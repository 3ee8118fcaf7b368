// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import { writeExport } from "@ledger-loader/export";
import { VERIFY_STACK, createVerifyApp } from "@ledger-loader/infra";
import {
  MerkleTree,
  buildBlock,
  buildRevision,
  encodeBlock,
  encodeTransactionInfo,
  formatDigest,
} from "@ledger-loader/journal";
import { transcodeToBinary } from "@ledger-loader/ion";
import {
  deployTemplate,
  describeWhen,
  peerAvailability,
  startLambda,
  startMoto,
  type CloudFormationTemplate,
  type DeployedStack,
  type LambdaFunction,
  type MotoServer,
} from "@ledger-loader/testkit";

const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";
const folder = mkdtempSync(path.join(tmpdir(), "export-verify-"));
const cdkOut = path.join(folder, "cdk.out");
let template: Template;

beforeAll(() => {
  process.env["CDK_VALIDATION"] = "false";
  const values = { exportBucketName: "exports", exportPrefix: "vehicles/", objectsPerStep: 2 };
  const assembly = createVerifyApp(values, {}, { outdir: cdkOut }).synth();
  template = Template.fromJSON(assembly.getStackByName(VERIFY_STACK).template as Record<string, unknown>);
}, 300_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("gives each function what it does, and no more", () => {
  const actions = (role: string): string[] =>
    Object.entries(template.findResources("AWS::IAM::Policy"))
      .filter(([id]) => id.startsWith(role))
      .flatMap(([, { Properties: properties }]) =>
        (
          properties as { PolicyDocument: { Statement: { Action: string | string[] }[] } }
        ).PolicyDocument.Statement.flatMap(({ Action }) => Action),
      );
  const log = ["logs:CreateLogStream", "logs:PutLogEvents"];
  expect(actions("PlanRole")).toEqual([...log, "s3:ListBucket", "s3:GetObject", "s3:PutObject"]);
  expect(actions("PartRole")).toEqual([...log, "s3:ListBucket", "s3:GetObject", "s3:PutObject"]);
  expect(actions("JoinRole")).toEqual([...log, "s3:GetObject", "s3:PutObject"]);
});

it("keeps the results encrypted, private, and there when the stack is deleted", () => {
  template.hasResource("AWS::S3::Bucket", {
    DeletionPolicy: "Retain",
    Properties: {
      BucketEncryption: {},
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    },
  });
});

/** A state of the machine, as far as the stack uses them. */
interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly ItemSelector?: Readonly<Record<string, string>>;
  readonly ItemReader?: { readonly Parameters: Readonly<Record<string, string>> };
  readonly ItemProcessor?: {
    readonly ProcessorConfig: { readonly Mode: string };
    readonly StartAt: string;
    readonly States: Readonly<Record<string, State>>;
  };
  readonly Choices?: readonly {
    readonly Or: readonly { readonly StringEquals: string }[];
    readonly Next: string;
  }[];
  readonly Default?: string;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

describeWhen(peerAvailability("moto"), describe)("the stack, deployed to moto", () => {
  let moto: MotoServer;
  let s3: S3Client;
  let stack: DeployedStack;
  let machine: DeployedMachine;
  let digest: unknown;
  beforeAll(async () => {
    moto = await startMoto();
    s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "exports" }));
    digest = await uploadExport(s3);
    const assetManifest = path.join(cdkOut, `${VERIFY_STACK}.assets.json`);
    const deployment = { stackName: VERIFY_STACK, template: template.toJSON() as CloudFormationTemplate };
    stack = await deployTemplate(moto, { ...deployment, assetManifest });
    machine = await readMachine(moto, stack);
    // moto looks at no conditions: it takes the refusal of requests without TLS for one of all requests.
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: machine.results }));
  }, 300_000);
  afterAll(async () => {
    await Promise.all([...machine.lambdas.values()].map((lambda) => lambda.close()));
    s3.destroy();
    await moto.close();
  });

  it("has a state machine whose states find the functions and the bucket that were made", () => {
    const { definition, functions, results } = machine;
    const map = Object.values(definition.States).find(({ Type }) => Type === "Map");
    expect(map?.ItemReader?.Parameters["Bucket"]).toBe(results);
    const tasks = [...Object.values(definition.States), ...Object.values(map?.ItemProcessor?.States ?? {})];
    const called = tasks.flatMap(({ Type, Resource }) => (Type === "Task" ? (Resource ?? "") : []));
    expect(called.sort()).toEqual([...functions.keys()].sort());
  });

  it("gives the verdict and the certificate of the whole export", async () => {
    const end = await execute(machine, moto, s3, {
      execution: "first",
      input: { manifests: ["s3://exports/vehicles"], digest },
    });
    expect(end).toEqual([
      "Nothing contradicts",
      expect.objectContaining({ verdict: "passed", assurance: "anchored" }),
    ]);
    const page = await read(s3, machine.results, "first/certificate.html");
    expect(page).toContain("<strong>PASSED</strong>");
    expect(page).toContain("covered to block 8");
    const json = JSON.parse(await read(s3, machine.results, "first/certificate.json")) as object;
    expect(json).toMatchObject({ report: { verdict: "passed", verification: { blocks: 9 } } });
  }, 120_000);

  it("of a damaged export, without a digest, fails", async () => {
    const Key = "vehicles/2020/06/01/10/KmA3ZZca7vAIiJAK9S5Iwl.4-4.ion";
    const text = await read(s3, "exports", Key);
    await s3.send(new PutObjectCommand({ Bucket: "exports", Key, Body: text.replace("{n:4}", "{n:5}") }));
    const end = await execute(machine, moto, s3, {
      execution: "second",
      input: { manifests: ["s3://exports/vehicles"] },
    });
    expect(end).toEqual(["The export does not hold", expect.objectContaining({ verdict: "failed" })]);
    expect(await read(s3, machine.results, "second/certificate.html")).toContain("revision-hash");
  }, 120_000);

  it("leaves its certificates when it is deleted", async () => {
    await stack.delete();
    expect(await read(s3, machine.results, "first/certificate.html")).toContain("<strong>PASSED</strong>");
  });
});

/** A function as it reads back from Lambda. */
interface DeployedFunction {
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The state machine, its functions by ARN, and the bucket of its results, as they read back from their services. */
interface DeployedMachine {
  readonly definition: Definition;
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  readonly results: string;
  /** Those that were invoked, by ARN: each stays warm. */
  readonly lambdas: Map<string, LambdaFunction>;
}

async function readMachine(
  moto: MotoServer,
  { outputs, resources }: DeployedStack,
): Promise<DeployedMachine> {
  const stepFunctions = new SFNClient(moto.clientConfig);
  const lambda = new LambdaClient(moto.clientConfig);
  const { StateMachineArn: stateMachineArn = "", ResultsBucket: results = "" } = outputs;
  const described = await stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const functions = new Map<string, DeployedFunction>();
  for (const { type, physicalId } of resources.values()) {
    if (type !== "AWS::Lambda::Function") continue;
    const command = new GetFunctionConfigurationCommand({ FunctionName: physicalId });
    const { FunctionArn = "", Handler = "", Environment, CodeSize } = await lambda.send(command);
    expect(CodeSize).toBeGreaterThan(10_000);
    functions.set(FunctionArn, { handler: Handler, environment: Environment?.Variables ?? {} });
  }
  stepFunctions.destroy();
  lambda.destroy();
  return {
    definition: JSON.parse(described.definition ?? "") as Definition,
    functions,
    results,
    lambdas: new Map(),
  };
}

async function read(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString("utf8")) ?? "";
}

/** Nine blocks, each in an object of its own. Returns their digest, as `GetDigest` answers. */
async function uploadExport(s3: S3Client): Promise<unknown> {
  const tree = new MerkleTree();
  const blocks: Uint8Array[] = [];
  let previousBlockHash: Uint8Array | undefined;
  for (let n = 0; n < 9; n++) {
    const blockAddress = { strandId: STRAND, sequenceNo: n };
    const txTime = `2020-06-01T10:00:0${n}.100Z`;
    const transactionId = `Tx${n}`.padEnd(22, "x");
    const metadata = { id: `D${n}`.padEnd(22, "x"), version: 0, txTime, txId: transactionId };
    const revisions = [buildRevision({ blockAddress, metadata, data: transcodeToBinary(`{n:${n}}`) })];
    const blockTimestamp = `2020-06-01T10:00:0${n}.230Z`;
    const transactionInfo = encodeTransactionInfo({
      statements: [],
      documents: new Map([[metadata.id, { tableName: "T", tableId: "Table1", statements: [] }]]),
    });
    const block = buildBlock({
      blockAddress,
      transactionId,
      blockTimestamp,
      previousBlockHash,
      transactionInfo,
      revisions,
    });
    previousBlockHash = block.blockHash;
    tree.append(block.blockHash);
    blocks.push(encodeBlock(block));
  }
  const from = path.join(folder, "export");
  await writeExport({
    folder: from,
    ledgerName: "vehicles",
    strandId: STRAND,
    format: "ion-text",
    blocks,
    maxObjectBytes: 1,
  });
  for (const name of readdirSync(from, { recursive: true, encoding: "utf8" })) {
    if (!statSync(path.join(from, name)).isFile()) continue;
    const Body = readFileSync(path.join(from, name));
    await s3.send(new PutObjectCommand({ Bucket: "exports", Key: `vehicles/${name}`, Body }));
  }
  return JSON.parse(formatDigest({ hash: tree.root(), tipAddress: { strandId: STRAND, sequenceNo: 8 } }));
}

/** Runs the deployed definition with the deployed functions. Returns the last state, and its input. */
async function execute(
  machine: DeployedMachine,
  moto: MotoServer,
  s3: S3Client,
  { execution, input }: { readonly execution: string; readonly input: unknown },
): Promise<[string, unknown]> {
  const { StartAt, States } = machine.definition;
  const invoke = ({ Resource = "" }: State, payload: unknown): Promise<unknown> =>
    invokeFunction(machine, Resource, moto, payload);
  let name = StartAt;
  let state = States[name];
  let value: unknown = input;
  while (state !== undefined && !["Succeed", "Fail"].includes(state.Type)) {
    const context = { "$$.Execution.Input": input, "$$.Execution.Name": execution };
    let next = state.Next;
    if (state.Type === "Task") value = await invoke(state, resolve(state.Parameters, context, value));
    else if (state.Type === "Map") await runMap(invoke, s3, state, { context, value });
    else next = choose(state, value as { verdict: string });
    name = next ?? "";
    state = States[name];
  }
  return [name, value];
}

async function runMap(
  invoke: (state: State, payload: unknown) => Promise<unknown>,
  s3: S3Client,
  { ItemReader, ItemSelector, ItemProcessor }: State,
  { context, value }: { readonly context: Readonly<Record<string, unknown>>; readonly value: unknown },
): Promise<void> {
  const { Bucket, Key } = resolve(ItemReader?.Parameters, context, value) as { Bucket: string; Key: string };
  const items = JSON.parse(await read(s3, Bucket, Key)) as unknown[];
  expect(items).toHaveLength(5);
  expect(ItemProcessor?.ProcessorConfig.Mode).toBe("DISTRIBUTED");
  for (const item of items) {
    const payload = resolve(ItemSelector, { ...context, "$$.Map.Item.Value": item }, value);
    const state = ItemProcessor?.States[ItemProcessor.StartAt];
    if (state !== undefined) await invoke(state, payload);
  }
}

function choose(
  { Choices = [], Default }: State,
  { verdict }: { readonly verdict: string },
): string | undefined {
  return Choices.find(({ Or }) => Or.some(({ StringEquals }) => StringEquals === verdict))?.Next ?? Default;
}

/** The paths that the definition has: of the context object as a whole, or a field of the value. */
function resolve(
  template: Readonly<Record<string, string>> = {},
  context: Readonly<Record<string, unknown>>,
  value: unknown,
): Record<string, unknown> {
  const fields = Object.entries(template).map(([name, text]): [string, unknown] => {
    if (!name.endsWith(".$")) return [name, text];
    const found = Object.entries(context).find(([known]) => text === known || text.startsWith(`${known}.`));
    const from = found?.[1] ?? value;
    const rest = text.slice((found?.[0] ?? "$").length + 1);
    return [name.slice(0, -2), rest === "" ? from : (from as Record<string, unknown>)[rest]];
  });
  return Object.fromEntries(fields);
}

async function invokeFunction(
  { lambdas, functions }: DeployedMachine,
  arn: string,
  moto: MotoServer,
  payload: unknown,
): Promise<unknown> {
  const lambda = lambdas.get(arn) ?? (await startFunction(functions.get(arn), moto));
  lambdas.set(arn, lambda);
  const result = await lambda.invoke(payload);
  if (result.status === "ok") return result.payload;
  throw new Error(`${result.errorType}: ${result.errorMessage}\n${lambda.log}`);
}

function startFunction(deployed: DeployedFunction | undefined, moto: MotoServer): Promise<LambdaFunction> {
  return startLambda({
    codeFolder: codeFolder(),
    handler: deployed?.handler ?? "",
    environment: {
      ...deployed?.environment,
      AWS_REGION: moto.clientConfig.region,
      AWS_ACCESS_KEY_ID: "moto",
      AWS_SECRET_ACCESS_KEY: "moto",
      AWS_ENDPOINT_URL_S3: moto.endpoint,
    },
  });
}

/** The one folder of which the code of all functions was made. */
function codeFolder(): string {
  const functions = Object.values(template.findResources("AWS::Lambda::Function"));
  const [asset = "", ...others] = new Set(
    functions.map(({ Properties }) => (Properties as { Code: { S3Key: string } }).Code.S3Key),
  );
  expect(others).toEqual([]);
  return path.join(cdkOut, `asset.${path.basename(asset, ".zip")}`);
}
