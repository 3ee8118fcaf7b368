// SPDX-License-Identifier: MIT
import { Annotations, CfnOutput, Stack, Tags, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { LoaderAlarms } from "./alarms";
import { LoaderFunction, type LoaderFunctionProps, type LoaderValues } from "./loader-function";

/** A stack and the values of its channel's parameters. */
export interface LoaderStackProps<V extends LoaderValues> extends StackProps {
  readonly values: V;
}

/** What the stacks of all channels have: a function, its dead letters, and the alarms of both. */
export abstract class LoaderStack extends Stack {
  readonly loader: LoaderFunction;
  protected readonly alarms: LoaderAlarms;

  protected constructor(
    scope: Construct,
    id: string,
    props: LoaderStackProps<LoaderValues>,
    functionProps: Omit<LoaderFunctionProps, "values">,
  ) {
    super(scope, id, props);
    const { values } = props;
    Tags.of(this).add("ledger-loader:ledger", values.ledgerName);
    if (values.ledgerEndpoint === undefined) {
      Annotations.of(this).addWarningV2(
        "ledger-loader:noLedgerEndpoint",
        "Expected the ledger's address in ledgerEndpoint, found none: the function will call Amazon QLDB, which was shut down on 2025-07-31.",
      );
    }
    this.loader = new LoaderFunction(this, "Loader", { ...functionProps, values });
    this.alarms = new LoaderAlarms(this, values.alarmTopicArn);
    this.alarms.function(this.loader.alias);
    this.alarms.deadLetters("DeadLettersAlarm", this.loader.deadLetters);
    this.output(
      "DeadLetterQueueUrl",
      this.loader.deadLetters.queueUrl,
      "What `ledger-loader redrive sqs:` takes.",
    );
  }

  /** Says where something is that the user needs. */
  protected output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
