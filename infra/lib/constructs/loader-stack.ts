// SPDX-License-Identifier: MIT
import { CfnOutput, Stack, Tags, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { LoaderValues } from "../parameters/function-parameters";
import type { ILedger } from "./ledger";
import type { Loader } from "./loader";
import type { ShardLoader } from "./channels/shard-loader";

/** A stack and the values of its channel's parameters. */
export interface LoaderStackProps<V extends LoaderValues> extends StackProps {
  readonly values: V;
  /** The ledger, such as one of a {@link LedgerStack}, in place of the one that the values name. */
  readonly ledger?: ILedger;
}

/** The stack of one loader: its construct, and outputs that say where everything is. */
export abstract class LoaderStack extends Stack {
  /** The loader itself. */
  abstract readonly loader: Loader;

  protected constructor(scope: Construct, id: string, props: LoaderStackProps<LoaderValues>) {
    super(scope, id, props);
    const { ledgerName, tags = {} } = props.values;
    const all = { "ledger-loader:ledger": ledgerName, ...tags };
    for (const [key, value] of Object.entries(all)) Tags.of(this).add(key, value);
  }

  /** Says where the loader parks. */
  protected outputDeadLetters({ deadLetterQueue }: Loader): void {
    this.output("DeadLetterQueueUrl", deadLetterQueue.queueUrl, "What `ledger-loader redrive sqs:` takes.");
    this.output("DeadLetterQueueName", deadLetterQueue.queueName, "The same, as a name.");
  }

  /** Says where Lambda puts the records that it gives up, and which function they are for. */
  protected outputUndelivered(loader: ShardLoader): void {
    this.output(
      "UndeliveredBucketName",
      loader.undeliveredBucket.bucketName,
      "The records that Lambda gave up: each object is an invocation.",
    );
    this.output("FunctionArn", loader.function.functionArn, "The function to invoke with them once more.");
  }

  /** Says where something is that the user needs. */
  protected output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
