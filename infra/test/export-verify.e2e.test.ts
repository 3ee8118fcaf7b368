// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
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
  describeWhen,
  peerAvailability,
  startLambda,
  startMoto,
  type MotoServer,
} from "@ledger-loader/testkit";

const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";
const folder = mkdtempSync(path.join(tmpdir(), "export-verify-"));
let template: Template;

beforeAll(() => {
  process.env["CDK_VALIDATION"] = "false";
  const outdir = path.join(folder, "cdk.out");
  const values = { exportBucketName: "exports", exportPrefix: "vehicles/", objectsPerStep: 2 };
  const assembly = createVerifyApp(values, {}, { outdir }).synth();
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

/** The definition with `{Function}` in place of each function's ARN. */
function readDefinition(): Definition {
  const [machine] = Object.values(template.findResources("AWS::StepFunctions::StateMachine"));
  const { DefinitionString } = (
    machine as { Properties: { DefinitionString: { "Fn::Join": [string, unknown[]] } } }
  ).Properties;
  const parts = DefinitionString["Fn::Join"][1].map((part) => {
    if (typeof part === "string") return part;
    const { "Fn::GetAtt": attribute, Ref: ref } = part as { "Fn::GetAtt"?: string[]; Ref?: string };
    return `{${attribute?.[0] ?? ref ?? ""}}`;
  });
  return JSON.parse(parts.join("")) as Definition;
}

describeWhen(peerAvailability("moto"), describe)("an execution of the state machine", () => {
  let moto: MotoServer;
  let s3: S3Client;
  let digest: unknown;
  beforeAll(async () => {
    moto = await startMoto();
    s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    for (const Bucket of ["exports", "results"]) await s3.send(new CreateBucketCommand({ Bucket }));
    digest = await uploadExport(s3);
  });
  afterAll(async () => {
    s3.destroy();
    await moto.close();
  });

  it("gives the verdict and the certificate of the whole export", async () => {
    const end = await execute(moto, s3, "first", { manifests: ["s3://exports/vehicles"], digest });
    expect(end).toEqual([
      "Nothing contradicts",
      expect.objectContaining({ verdict: "passed", assurance: "anchored" }),
    ]);
    const page = await read(s3, "first/certificate.html");
    expect(page).toContain("<strong>PASSED</strong>");
    expect(page).toContain("covered to block 8");
  }, 120_000);

  it("of a damaged export, without a digest, fails", async () => {
    const Key = "vehicles/2020/06/01/10/KmA3ZZca7vAIiJAK9S5Iwl.4-4.ion";
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "exports", Key }));
    const text = (await Body?.transformToString("utf8")) ?? "";
    await s3.send(new PutObjectCommand({ Bucket: "exports", Key, Body: text.replace("{n:4}", "{n:5}") }));
    const end = await execute(moto, s3, "second", { manifests: ["s3://exports/vehicles"] });
    expect(end).toEqual(["The export does not hold", expect.objectContaining({ verdict: "failed" })]);
    expect(await read(s3, "second/certificate.html")).toContain("revision-hash");
  }, 120_000);
});

async function read(s3: S3Client, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "results", Key }));
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

/** Runs the synthesized definition with the synthesized code. Returns the last state, and its input. */
async function execute(
  moto: MotoServer,
  s3: S3Client,
  execution: string,
  input: unknown,
): Promise<[string, unknown]> {
  const { StartAt, States } = readDefinition();
  let name = StartAt;
  let state = States[name];
  let value: unknown = input;
  while (state !== undefined && !["Succeed", "Fail"].includes(state.Type)) {
    const context = { "$$.Execution.Input": input, "$$.Execution.Name": execution };
    let next = state.Next;
    if (state.Type === "Task") value = await invoke(moto, state, resolve(state.Parameters, context, value));
    else if (state.Type === "Map") await runMap(moto, s3, state, context, value);
    else next = choose(state, value as { verdict: string });
    name = next ?? "";
    state = States[name];
  }
  return [name, value];
}

async function runMap(
  moto: MotoServer,
  s3: S3Client,
  { ItemReader, ItemSelector, ItemProcessor }: State,
  context: Readonly<Record<string, unknown>>,
  value: unknown,
): Promise<void> {
  const { Key } = resolve(ItemReader?.Parameters, context, value) as { Key: string };
  const items = JSON.parse(await read(s3, Key)) as unknown[];
  expect(items).toHaveLength(5);
  expect(ItemProcessor?.ProcessorConfig.Mode).toBe("DISTRIBUTED");
  for (const item of items) {
    const payload = resolve(ItemSelector, { ...context, "$$.Map.Item.Value": item }, value);
    await invoke(moto, ItemProcessor?.States[ItemProcessor.StartAt], payload);
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

async function invoke(moto: MotoServer, state: State | undefined, payload: unknown): Promise<unknown> {
  const id = /\{(\w+)\}/.exec(state?.Resource ?? "")?.[1] ?? "";
  const { Properties: properties } = template.findResources("AWS::Lambda::Function")[id] as {
    Properties: {
      Code: { S3Key: string };
      Handler: string;
      Environment: { Variables: Record<string, string> };
    };
  };
  const lambda = await startLambda({
    codeFolder: path.join(folder, "cdk.out", `asset.${path.basename(properties.Code.S3Key, ".zip")}`),
    handler: properties.Handler,
    environment: {
      ...properties.Environment.Variables,
      RESULTS_BUCKET: "results",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "moto",
      AWS_SECRET_ACCESS_KEY: "moto",
      AWS_ENDPOINT_URL_S3: moto.endpoint,
    },
  });
  try {
    const result = await lambda.invoke(payload);
    if (result.status === "ok") return result.payload;
    throw new Error(`${result.errorType}: ${result.errorMessage}\n${lambda.log}`);
  } finally {
    await lambda.close();
  }
}
