// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseLoaders, SqsLoaderStack, type LedgerStack } from "@ledger-loader/infra";
import type { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { undocumentedMetrics } from "../../test/alarm-metrics";
import { createLedgerStacks } from "../../test/ledger-stacks";

const outdir = mkdtempSync(path.join(tmpdir(), "cdk-out-"));
afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
});

/** A ledger, and a loader of another stack that writes to it. */
function createStacks(): {
  readonly app: App;
  readonly ledger: LedgerStack;
  readonly loader: SqsLoaderStack;
} {
  const { app, ledger } = createLedgerStacks(outdir);
  const [{ values } = {}] = parseLoaders(
    { loaders: [{ channel: "sqs", ledgerName: "vehicles" }] },
    __dirname,
  );
  const loader = new SqsLoaderStack(app, "Loader", {
    values: values as ConstructorParameters<typeof SqsLoaderStack>[2]["values"],
    ledger: ledger.ledger("vehicles"),
  });
  return { app, ledger, loader };
}

describe("the stack of a ledger", () => {
  let template: Template;
  let loader: Template;
  let app: App;
  beforeAll(() => {
    const stacks = createStacks();
    app = stacks.app;
    // Throws where a stack does not follow a rule. No Docker is there: the image is built when it is deployed.
    template = Template.fromStack(stacks.ledger);
    loader = Template.fromStack(stacks.loader);
  });

  it("runs two servers, exchanges them one by one, and goes back where new ones do not become healthy", () => {
    template.hasResourceProperties("AWS::ECS::Service", {
      DesiredCount: 2,
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: "DISABLED" } },
    });
  });

  it("raises alarms only on metrics that AWS documents, by dimensions under which it keeps them", () => {
    template.resourceCountIs("AWS::CloudWatch::Alarm", 4);
    expect(undocumentedMetrics(template)).toEqual([]);
  });

  it("is reached by TLS from inside, and asks servers whether they are ready", () => {
    template.hasResourceProperties("AWS::ElasticLoadBalancingV2::LoadBalancer", { Scheme: "internal" });
    template.hasResourceProperties("AWS::ElasticLoadBalancingV2::Listener", { Port: 443, Protocol: "HTTPS" });
    template.hasResourceProperties("AWS::ElasticLoadBalancingV2::TargetGroup", {
      Protocol: "HTTPS",
      HealthCheckPath: "/health/ready",
      HealthCheckPort: "9464",
      HealthCheckProtocol: "HTTP",
    });
    const open = Object.values(template.findResources("AWS::EC2::SecurityGroup")).flatMap(
      ({ Properties: properties }) =>
        (properties as { SecurityGroupIngress?: unknown[] }).SecurityGroupIngress ?? [],
    );
    expect(open).toEqual([]);
  });

  it("keeps ledgers in a database that is encrypted, backed up, protected, and reached by TLS only", () => {
    template.hasResource("AWS::RDS::DBCluster", {
      DeletionPolicy: "Snapshot",
      Properties: {
        Engine: "aurora-postgresql",
        StorageEncrypted: true,
        BackupRetentionPeriod: 35,
        DeletionProtection: true,
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
      },
    });
    template.resourceCountIs("AWS::RDS::DBInstance", 2);
    template.hasResourceProperties("AWS::RDS::DBClusterParameterGroup", {
      Parameters: { "rds.force_ssl": "1" },
    });
  });

  it("hands passwords and keys to servers as secrets, and no other way", () => {
    template.hasResourceProperties("AWS::ECS::TaskDefinition", {
      ContainerDefinitions: [
        Match.objectLike({
          ReadonlyRootFilesystem: true,
          Secrets: ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "PGPASSWORD"].map((Name) => ({
            Name,
            ValueFrom: Match.anyValue(),
          })),
        }),
      ],
    });
  });

  it("raises alarms for servers that do not answer, their errors, and a database at its limit", () => {
    const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm"));
    const names = alarms.map(
      ({ Properties: properties }) => (properties as { MetricName: string }).MetricName,
    );
    expect(names.sort()).toEqual([
      "ACUUtilization",
      "DatabaseConnections",
      "HTTPCode_Target_5XX_Count",
      "HealthyHostCount",
    ]);
  });

  it("is the ledger of a loader of another stack, which waits for it and not the other way round", () => {
    loader.hasResourceProperties("AWS::Lambda::Function", {
      VpcConfig: Match.anyValue(),
      Environment: { Variables: { LEDGER_NAME: "vehicles", LEDGER_ENDPOINT: "https://ledger.example.com" } },
    });
    loader.hasResourceProperties("AWS::EC2::SecurityGroupIngress", {
      FromPort: 443,
      ToPort: 443,
    });
    const rules = loader.findResources("AWS::EC2::SecurityGroupIngress");
    expect(JSON.stringify(rules)).toMatch(/"GroupId":\{.*LoadBalancerSecurityGroup/);
    const { stacks } = app.synth();
    const dependencies = Object.fromEntries(
      stacks.map((each) => [each.id, each.dependencies.map(({ id }) => id)]),
    );
    expect(dependencies["Loader"]).toContain("Ledger");
    expect(dependencies["Ledger"]).not.toContain("Loader");
  });
});
