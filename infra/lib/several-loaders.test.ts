// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { CHANNELS, createApp, parseLoaders, type LoaderDefinition } from "@ledger-loader/infra";
import { readFunction } from "../test/synthesized-function";
import { synthesize, synthesizeAll, type SynthesizedStack } from "../test/synthesize";

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;
const CLUSTER = "arn:aws:kafka:us-east-1:123456789012:cluster/cars/751d2973-a626-431c-9d4e-d7975eb44dd7-2";
const TABLE_STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/cars/stream/2026-01-01T00:00:00.000";
const DMS = { channel: "dms", ...LEDGER, engine: "mysql" } as const;

/** Two of one channel with files of their own, beside others. */
const LOADERS: readonly LoaderDefinition[] = [
  { channel: "sqs", ...LEDGER },
  { channel: "kinesis", ...LEDGER, records: "qldb-stream" },
  { ...DMS, mappingFile: "fixtures/dms-mapping.json" },
  { ...DMS, id: "vehicles", mappingFile: "fixtures/vehicle-mapping.json" },
];

it("gives each loader of one app the code and files that it has alone", () => {
  const codes = synthesizeAll(LOADERS).map(codeFolder);
  expect(new Set(codes).size).toBe(LOADERS.length);
  // The folder's name is the hash of what is in it.
  expect(path.basename(codes[1]!)).toBe(path.basename(codeFolder(synthesize(LOADERS[1]!))));
  const mapping = (folder: string) => readFileSync(path.join(folder, "dms-mapping.json"), "utf8");
  expect(mapping(codes[2]!)).not.toBe(mapping(codes[3]!));
});

/** One of each channel that creates its source, or names one that several may read. */
const EACH: readonly LoaderDefinition[] = [
  { channel: "sqs", ...LEDGER },
  { channel: "sns", ...LEDGER },
  { channel: "sns-to-sqs", ...LEDGER },
  { channel: "kinesis", ...LEDGER },
  { channel: "msk", ...LEDGER, clusterArn: CLUSTER, topic: "events" },
  { channel: "eventbridge", ...LEDGER },
  { ...DMS, mappingFile: "fixtures/dms-mapping.json" },
  { channel: "dynamodb", ...LEDGER, streamArn: TABLE_STREAM },
];

it("synthesizes two loaders of every channel in one app without a collision, or refuses the second with the reason", () => {
  expect(new Set(EACH.map(({ channel }) => channel))).toEqual(new Set(Object.keys(CHANNELS)));
  const twice = EACH.flatMap((loader) => [loader, { ...loader, id: `second-${loader.channel}` }]);
  expect(() => synthesizeAll(twice)).toThrow(
    "loader second-msk: consumerGroup: expected another than that of loader msk",
  );
  const mended = twice.map((loader) =>
    loader.id === "second-msk" && loader.channel === "msk" ? { ...loader, consumerGroup: "second" } : loader,
  );
  const named = synthesizeAll(mended).flatMap(({ template }) => physicalNamesOf(template.toJSON()));
  expect(named.filter((name, at) => named.indexOf(name) !== at)).toEqual([]);
});

it("shows the loaders of one account and region on one dashboard, which keeps none of them from being deleted", () => {
  const regions = ["eu-west-1", "eu-west-1", "us-east-1", undefined];
  const loaders = regions.map((region, at) => ({
    channel: "sqs",
    ...LEDGER,
    id: `loads-${at}`,
    ...(region === undefined ? {} : { region }),
  }));
  process.env["CDK_VALIDATION"] = "false";
  // Without their code: nothing here is about it.
  const context = { "aws:cdk:bundling-stacks": [] };
  const outdir = mkdtempSync(path.join(tmpdir(), "cdk-out-"));
  const assembly = createApp(parseLoaders({ loaders }, __dirname), {
    dashboard: true,
    outdir,
    context,
  }).synth();
  const names = assembly.stacks.map(({ stackName }) => stackName);
  expect(names.filter((name) => name.startsWith("LedgerLoaderDashboard")).sort()).toEqual([
    "LedgerLoaderDashboard",
    "LedgerLoaderDashboard-eu-west-1",
    "LedgerLoaderDashboard-us-east-1",
  ]);
  const shown = assembly.getStackByName("LedgerLoaderDashboard-eu-west-1");
  const body = JSON.stringify(shown.template);
  for (const { id, region } of loaders as readonly { readonly id: string; readonly region?: string }[]) {
    expect([id, body.includes(`## LedgerLoader-${id}`)]).toEqual([id, region === "eu-west-1"]);
    const loader = JSON.stringify(assembly.getStackByName(`LedgerLoader-${id}`).template);
    expect(loader).toContain(`"Name":"/ledger-loader/LedgerLoader-${id}/names"`);
    expect(loader).not.toContain('"Export"');
  }
  expect(body).not.toContain("Fn::ImportValue");
  expect(shown.dependencies.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["LedgerLoader-loads-0", "LedgerLoader-loads-1"]),
  );
  rmSync(outdir, { recursive: true });
});

/** The names that CloudFormation would refuse a second time, because they are not made when the stack is deployed. */
function physicalNamesOf(template: object): readonly string[] {
  const { Resources } = template as { Resources: Record<string, { Type: string; Properties?: object }> };
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(
        ([name, value]) =>
          /^((Queue|Topic|Stream|Bucket|Role|LogGroup|Alarm|Rule)?Name|ConsumerGroupId)$/.test(name) &&
          typeof value === "string",
      )
      .map(([name, value]) => [Type, name, value].join(" "))
      .filter((each) => !each.startsWith("AWS::Lambda::Alias ")),
  );
}

function codeFolder(stack: SynthesizedStack): string {
  return readFunction(stack, { region: "us-east-1", deadLetterQueueUrl: "https://queue" }).codeFolder;
}
