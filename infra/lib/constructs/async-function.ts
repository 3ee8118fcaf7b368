// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { LoaderAlarms } from "./alarms";
import type { LoaderFunction } from "./loader-function";
import { createQueue, type Keeping } from "./loader-queue";

/** The most that Lambda offers for an asynchronous invocation. */
const RETRIES = 2;
const EVENT_AGE = Duration.hours(6);

/**
 * Prepares a function that a topic or a rule invokes asynchronously: the longest retries that Lambda offers, and a
 * queue for the events that it gives up, with their payload.
 */
export function keepFailedInvocations(
  scope: Construct,
  { alias, role }: LoaderFunction,
  alarms: LoaderAlarms,
  keeping: Keeping,
): Queue {
  const failed = createQueue(scope, "FailedInvocations", keeping);
  role.addToPolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [failed.queueArn] }));
  alias.configureAsyncInvoke({
    retryAttempts: RETRIES,
    maxEventAge: EVENT_AGE,
    // CDK's own destination grants more than Lambda needs.
    onFailure: { bind: () => ({ destination: failed.queueArn }) },
  });
  alarms.deadLetters("FailedInvocationsAlarm", failed);
  alarms.dropped(alias);
  return failed;
}
