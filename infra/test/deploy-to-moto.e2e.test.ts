// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CHANNELS, createApp, parseLoaders, stackName, type ParsedLoader } from "@ledger-loader/infra";
import {
  deployTemplate,
  describeWhen,
  lintTemplates,
  peerAvailability,
  startMoto,
  type CloudFormationTemplate,
  type DeployedStack,
  type MotoServer,
} from "@ledger-loader/testkit";
import { Template } from "aws-cdk-lib/assertions";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEPLOYMENT_CASES, EXISTING_SOURCES, type ExistingSources } from "./deployment-cases";
import { createLedgerStacks } from "./ledger-stacks";
import { MotoReader } from "./moto-reader";

const CASES = Object.values(DEPLOYMENT_CASES).flat();
/** Every function is bundled and every template checked, which takes its time on a busy machine. */
const SYNTHESIS_MS_MAX = 300_000;
const TLS_ONLY = { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };

describeWhen(peerAvailability("moto"), describe)("the stacks of every channel, deployed to moto", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "cdk-out-"));
  const gaps = new Map<string, string>();
  let moto: MotoServer;
  let loaders: readonly ParsedLoader[];
  let assembly: CloudAssembly;

  beforeAll(async () => {
    moto = await startMoto();
    const { outputs } = await deployTemplate(moto, { stackName: "existing", template: EXISTING_SOURCES });
    const existing = outputs as Readonly<Record<keyof ExistingSources, string>>;
    const definitions = CASES.map(({ id, loader }) => ({ ...loader(existing), id }));
    loaders = parseLoaders({ loaders: definitions }, __dirname);
    assembly = createApp(loaders, { outdir: folder }).synth();
  }, SYNTHESIS_MS_MAX);
  afterAll(async () => {
    await moto.close();
    rmSync(folder, { recursive: true });
    tellGaps(gaps);
  });

  it("are of every channel that can be deployed", () => {
    expect(Object.keys(DEPLOYMENT_CASES).sort()).toEqual(Object.keys(CHANNELS).sort());
  });

  it("are valid by CloudFormation's own schemas, also where moto does not look", async () => {
    const templates = CASES.map(({ id }) => [id, templateOf(id)] as const);
    const { ledger } = createLedgerStacks(path.join(folder, "ledger"));
    const ledgerTemplate = Template.fromStack(ledger).toJSON() as CloudFormationTemplate;
    expect(await lintTemplates({ ...Object.fromEntries(templates), ledger: ledgerTemplate })).toEqual([]);
  });

  describe.each(CASES)("$id", ({ id, mappings, handovers, callers = [], endpoints = [] }) => {
    let loader: ParsedLoader;
    let stack: DeployedStack;
    let reader: MotoReader;

    beforeAll(async () => {
      loader = loaders.find((each) => each.id === id)!;
      const { region = moto.clientConfig.region } = loader.placement;
      const clientConfig = { ...moto.clientConfig, region };
      stack = await deployTemplate(
        { clientConfig },
        {
          stackName: stackName(id),
          template: templateOf(id),
          assetManifest: path.join(folder, `${stackName(id)}.assets.json`),
        },
      );
      reader = new MotoReader({ clientConfig }, stack);
      for (const gap of stack.gaps) gaps.set([gap.type, gap.property].join(" "), gap.reason);
    });
    afterAll(() => {
      reader.close();
    });

    it("comes up, and its function knows its ledger and where dead letters go", async () => {
      const { Environment, CodeSize, Timeout } = await reader.function();
      expect(Environment?.Variables).toMatchObject({
        LEDGER_NAME: loader.values.ledgerName,
        DEAD_LETTERS: `sqs:${stack.outputs["DeadLetterQueueUrl"] ?? "none"}`,
      });
      expect(Timeout).toBe(loader.values.timeoutSeconds);
      expect(CodeSize).toBeGreaterThan(10_000);
    });

    it("maps its source to the alias, and has DMS fill it, with the settings that the guarantees need", async () => {
      expect(await reader.mappings()).toEqual(
        mappings.map((mapping) => expect.objectContaining({ ...mapping, FunctionArn: reader.alias })),
      );
      expect(await reader.endpoints()).toEqual(
        endpoints.map((endpoint) => expect.objectContaining(endpoint)),
      );
    });

    it("is called by its topic or bus through the alias or the mapped queue, for as long as AWS offers", async () => {
      const called = [reader.alias, ...(await reader.mappings()).map(({ EventSourceArn }) => EventSourceArn)];
      const found = await reader.callers();
      expect(found).toEqual(callers.map((caller) => expect.objectContaining(caller)));
      expect(found.filter(({ calls }) => !called.includes(calls))).toEqual([]);
    });

    it("encrypts its queues and buckets, and lets nobody reach them without TLS", async () => {
      for (const { attributes } of await reader.queues()) {
        expect(attributes["SqsManagedSseEnabled"] === "true" || "KmsMasterKeyId" in attributes).toBe(true);
        expect(statementsOf(attributes["Policy"])).toContainEqual(
          expect.objectContaining({ ...TLS_ONLY, Action: "sqs:*" }),
        );
      }
      for (const { encryptionRules, policy } of await reader.buckets()) {
        expect(encryptionRules).not.toEqual([]);
        expect(statementsOf(policy)).toContainEqual(expect.objectContaining({ ...TLS_ONLY, Action: "s3:*" }));
      }
    });

    it("hides what it hands to the function for six time-outs, and moves what is not handled elsewhere", async () => {
      const sources = (await reader.mappings()).map(({ EventSourceArn }) => EventSourceArn);
      const queues = await reader.queues();
      for (const { attributes } of queues.filter(({ arn }) => sources.includes(arn))) {
        expect(Number(attributes["VisibilityTimeout"])).toBeGreaterThanOrEqual(
          6 * loader.values.timeoutSeconds,
        );
        const redrive = JSON.parse(attributes["RedrivePolicy"] ?? "{}") as Record<string, unknown>;
        expect(redrive["maxReceiveCount"]).toBeGreaterThanOrEqual(5);
        const undelivered = queues.find(({ arn }) => arn === redrive["deadLetterTargetArn"]);
        expect(Number(undelivered?.attributes["MessageRetentionPeriod"])).toBeGreaterThanOrEqual(
          Number(attributes["MessageRetentionPeriod"]),
        );
      }
    });

    it("keeps what a subscription, a rule, a stream or Lambda gives up in a queue or bucket of its own", async () => {
      const own = [...(await reader.queues()), ...(await reader.buckets())].map(({ arn }) => arn);
      const destinations = await reader.handovers();
      expect(destinations).toHaveLength(handovers);
      expect(destinations.filter((destination) => !own.includes(destination))).toEqual([]);
    });

    it("raises an alarm for each queue in which somebody must look", async () => {
      const sources = (await reader.mappings()).map(({ EventSourceArn }) => EventSourceArn);
      const kept = (await reader.queues()).filter(({ arn }) => !sources.includes(arn));
      expect([...(await reader.watchedQueues())].sort()).toEqual(
        kept.map(({ arn }) => arn.split(":").at(-1)).sort(),
      );
    });

    it("leaves nothing but its queues when it is deleted", async () => {
      const { FunctionName } = await reader.function();
      const queues = await reader.queues();
      await stack.delete();
      expect(await reader.mappings()).toEqual([]);
      expect(await reader.functionNames()).not.toContain(FunctionName);
      expect(await reader.queues()).toEqual(queues);
    });
  });

  function templateOf(id: string): CloudFormationTemplate {
    return assembly.getStackByName(stackName(id)).template as CloudFormationTemplate;
  }
});

function statementsOf(policy = '{"Statement":[]}'): readonly unknown[] {
  return (JSON.parse(policy) as { readonly Statement: readonly unknown[] }).Statement;
}

/** What moto does not keep cannot be read back; the template tests assert it. */
function tellGaps(gaps: ReadonlyMap<string, string>): void {
  const lines = [...gaps].sort().map(([what, reason]) => `  ${what}: ${reason}`);
  process.stderr.write(`Not read back from moto:\n${lines.join("\n")}\n`);
}
