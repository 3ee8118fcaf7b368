// SPDX-License-Identifier: MIT
import type { ChannelName, LoaderDefinition } from "@ledger-loader/infra";

/** A stack that is deployed, and what must be true of it once it is up. */
export interface DeploymentCase {
  /** What is special about it; also the stack's id. */
  readonly id: string;
  readonly loader: LoaderDefinition;
  /** The settings that each event source mapping reads back; empty where the source calls the function by itself. */
  readonly mappings: readonly Readonly<Record<string, unknown>>[];
  /** How many subscriptions, rules, streams and invocations hand what they give up to a queue of the stack. */
  readonly handovers: number;
}

const LEDGER = { ledgerName: "vehicles", ledgerEndpoint: "https://ledger.example.com" } as const;

/** Every channel, as it is by default and with what differs most from that. */
export const DEPLOYMENT_CASES: Readonly<Record<ChannelName, readonly DeploymentCase[]>> = {
  sqs: [
    {
      id: "sqs-fifo",
      loader: { channel: "sqs", ...LEDGER },
      mappings: [{ BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"] }],
      handovers: 0,
    },
    {
      id: "sqs-standard",
      loader: {
        channel: "sqs",
        ...LEDGER,
        fifo: false,
        region: "eu-central-1",
        batchSize: 500,
        batchingWindowSeconds: 5,
        concurrencyMax: 7,
        timeoutSeconds: 300,
        tracing: true,
        provisionedConcurrency: 1,
        reservedConcurrency: 8,
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        ledgerCredentialsSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ledger-AbCdEf",
        alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:alarms",
      },
      mappings: [
        {
          BatchSize: 500,
          MaximumBatchingWindowInSeconds: 5,
          ScalingConfig: { MaximumConcurrency: 7 },
          FunctionResponseTypes: ["ReportBatchItemFailures"],
        },
      ],
      handovers: 0,
    },
  ],
};
