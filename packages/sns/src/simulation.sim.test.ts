// SPDX-License-Identifier: MIT
import { createSnsHandler } from "@ledger-loader/sns";
import {
  AsyncInvocations,
  describeSimulation,
  simulateChannel,
  toSnsNotification,
  type SourceMessage,
} from "@ledger-loader/testkit/simulation";
import type { SNSEvent } from "aws-lambda";

function toEvent({ body }: SourceMessage, id: string, sentAtMs: number): SNSEvent {
  const { SigningCertURL, UnsubscribeURL, ...notification } = toSnsNotification(body, id, sentAtMs);
  const Sns = {
    ...notification,
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
    MessageAttributes: {},
  };
  const EventSubscriptionArn = `${notification.TopicArn}:simulated`;
  return { Records: [{ EventVersion: "1.0", EventSource: "aws:sns", EventSubscriptionArn, Sns }] };
}

// Asynchronous invocations: in no order, repeated, given up after three attempts.
describeSimulation("sns", 20, (seed) =>
  simulateChannel<SNSEvent, unknown>(seed, (world) => ({
    handler: (loader) => createSnsHandler(loader),
    channel: (invoke) => new AsyncInvocations(world, invoke, { toEvent }),
    ...(world.random.chance(0.5) && { parkAfterMs: world.random.below(3) * 60_000 }),
  })),
);
