// SPDX-License-Identifier: MIT
import { createApp, LedgerStack } from "@ledger-loader/infra";
import { Stack, type App } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { Vpc } from "aws-cdk-lib/aws-ec2";
import { Topic } from "aws-cdk-lib/aws-sns";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/751d2973-a626-431c-9d4e-d7975eb44dd7";

/** A network and the ledger in it; both are checked against the AWS Solutions rules when they are synthesized. */
export function createLedgerStacks(outdir: string): { readonly app: App; readonly ledger: LedgerStack } {
  process.env["CDK_VALIDATION"] = "false";
  const app = createApp([], { outdir });
  const network = new Stack(app, "Network");
  const vpc = new Vpc(network, "Vpc", { maxAzs: 2 });
  vpc.addFlowLog("Flows");
  const ledger = new LedgerStack(app, "Ledger", {
    vpc,
    domainName: "ledger.example.com",
    certificate: Certificate.fromCertificateArn(network, "Certificate", CERTIFICATE),
    alarmTopic: Topic.fromTopicArn(network, "Alarms", "arn:aws:sns:us-east-1:123456789012:alarms"),
  });
  return { app, ledger };
}
