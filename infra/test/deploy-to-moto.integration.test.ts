// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CHANNELS, createApp, parseLoaders, stackName } from "@ledger-loader/infra";
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
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEPLOYMENT_CASES } from "./deployment-cases";
import { MotoReader } from "./moto-reader";

const CASES = Object.values(DEPLOYMENT_CASES).flat();
const REGION = "us-east-1";
/** Every function is bundled and every template checked, which takes its time on a busy machine. */
const SYNTHESIS_MS_MAX = 300_000;

describeWhen(peerAvailability("moto"), describe)("the stacks of every channel, deployed to moto", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "cdk-out-"));
  const gaps = new Map<string, string>();
  let assembly: CloudAssembly;
  let moto: MotoServer;

  beforeAll(async () => {
    const loaders = CASES.map(({ id, loader }) => ({ ...loader, id }));
    assembly = createApp(parseLoaders({ loaders }, __dirname), { outdir: folder }).synth();
    moto = await startMoto();
  }, SYNTHESIS_MS_MAX);
  afterAll(async () => {
    await moto.close();
    rmSync(folder, { recursive: true });
    tellGaps(gaps);
  });

  it("are of every channel that can be deployed", () => {
    expect(Object.keys(DEPLOYMENT_CASES)).toEqual(Object.keys(CHANNELS));
  });

  it("are valid by CloudFormation's own schemas, also where moto does not look", async () => {
    const templates = CASES.map(({ id }) => [id, templateOf(id)] as const);
    expect(await lintTemplates(Object.fromEntries(templates))).toEqual([]);
  });

  describe.each(CASES)("$id", ({ id, loader, mappings, handovers }) => {
    let stack: DeployedStack;
    let reader: MotoReader;

    beforeAll(async () => {
      const region = { ...moto, clientConfig: { ...moto.clientConfig, region: loader.region ?? REGION } };
      stack = await deployTemplate(region, {
        stackName: stackName(id),
        template: templateOf(id),
        assetManifest: path.join(folder, `${stackName(id)}.assets.json`),
      });
      reader = new MotoReader(region, stack);
      for (const gap of stack.gaps) gaps.set([gap.type, gap.property].join(" "), gap.reason);
    });
    afterAll(() => {
      reader.close();
    });

    it("comes up, and its function knows its ledger and where dead letters go", async () => {
      const { Environment, CodeSize, Timeout } = await reader.function();
      expect(Environment?.Variables).toMatchObject({
        LEDGER_NAME: loader.ledgerName,
        DEAD_LETTERS: `sqs:${stack.outputs["DeadLetterQueueUrl"] ?? "none"}`,
      });
      expect(Timeout).toBe(loader.timeoutSeconds ?? 120);
      expect(CodeSize).toBeGreaterThan(10_000);
    });

    it("maps its source to the alias, with the settings that the guarantees need", async () => {
      const found = await reader.mappings();
      expect(found).toEqual(
        mappings.map((mapping) => expect.objectContaining({ ...mapping, FunctionArn: reader.alias })),
      );
    });

    it("encrypts its queues, and lets nobody reach them without TLS", async () => {
      for (const { attributes } of await reader.queues()) {
        expect(attributes["SqsManagedSseEnabled"] === "true" || "KmsMasterKeyId" in attributes).toBe(true);
        expect(JSON.parse(attributes["Policy"] ?? "{}")).toMatchObject({
          Statement: expect.arrayContaining([
            expect.objectContaining({
              Effect: "Deny",
              Action: "sqs:*",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
          ]),
        });
      }
    });

    it("hides what it hands to the function for six time-outs, and moves what is not handled elsewhere", async () => {
      const sources = (await reader.mappings()).map(({ EventSourceArn }) => EventSourceArn);
      const queues = await reader.queues();
      const { Timeout = Number.NaN } = await reader.function();
      for (const { attributes } of queues.filter(({ arn }) => sources.includes(arn))) {
        expect(Number(attributes["VisibilityTimeout"])).toBeGreaterThanOrEqual(6 * Timeout);
        const redrive = JSON.parse(attributes["RedrivePolicy"] ?? "{}") as Record<string, unknown>;
        expect(redrive["maxReceiveCount"]).toBeGreaterThanOrEqual(5);
        const undelivered = queues.find(({ arn }) => arn === redrive["deadLetterTargetArn"]);
        expect(Number(undelivered?.attributes["MessageRetentionPeriod"])).toBeGreaterThanOrEqual(
          Number(attributes["MessageRetentionPeriod"]),
        );
      }
    });

    it("has its own queues for what a subscription, a rule, a stream or Lambda gives up", async () => {
      const own = (await reader.queues()).map(({ arn }) => arn);
      const destinations = await reader.handovers();
      expect(destinations).toHaveLength(handovers);
      expect(destinations.filter((destination) => !own.includes(destination ?? ""))).toEqual([]);
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

/** What moto does not keep cannot be read back; the template tests assert it. */
function tellGaps(gaps: ReadonlyMap<string, string>): void {
  const lines = [...gaps].sort().map(([what, reason]) => `  ${what}: ${reason}`);
  process.stderr.write(`Not read back from moto:\n${lines.join("\n")}\n`);
}
