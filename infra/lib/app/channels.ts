// SPDX-License-Identifier: MIT
import type { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { FUNCTION_PARAMETERS, LOADER_PARAMETERS } from "../parameters/function-parameters";
import type { LoaderValues } from "../constructs/loader-function";
import type { LoaderStackProps } from "../constructs/loader-stack";
import type { Placement } from "../parameters/placement";
import type { ParameterInput, Parameters, ParameterValues } from "../parameters/parameter";
import { checkDms, DMS_PARAMETERS, DmsLoaderStack } from "../stacks/dms-loader-stack";
import { DYNAMODB_PARAMETERS, DynamoDbStreamLoaderStack } from "../stacks/dynamodb-stream-loader-stack";
import { EVENTBRIDGE_PARAMETERS, EventBridgeLoaderStack } from "../stacks/eventbridge-loader-stack";
import { KINESIS_PARAMETERS, KinesisLoaderStack } from "../stacks/kinesis-loader-stack";
import { checkMsk, MSK_PARAMETERS, MskLoaderStack } from "../stacks/msk-loader-stack";
import { checkTopic, SNS_PARAMETERS, SnsLoaderStack } from "../stacks/sns-loader-stack";
import { checkSnsToSqs, SNS_TO_SQS_PARAMETERS, SnsToSqsLoaderStack } from "../stacks/sns-to-sqs-loader-stack";
import { checkSqs, SQS_PARAMETERS, SqsLoaderStack } from "../stacks/sqs-loader-stack";

/** How a channel is deployed. */
export interface Channel<P extends Parameters = Parameters> {
  /** Its own parameters, beside those of every loader. */
  readonly parameters: P;
  /** Says what does not fit together; each problem begins with a parameter. */
  readonly check?: (values: LoaderValues & ParameterValues<P>, placement: Placement) => readonly string[];
  /** The parameters that name files, which are resolved from the folder of `loader.config.ts` on. */
  readonly files?: readonly (keyof P & string)[];
  readonly Stack: new (
    scope: Construct,
    id: string,
    props: LoaderStackProps<LoaderValues & ParameterValues<P>>,
  ) => Stack;
}

/** Declares a channel, and checks that its parts fit together. */
function channel<const P extends Parameters>(definition: Channel<P>): Channel<P> {
  return definition;
}

/** Every delivery channel, by the name that `loader.config.ts` and the command line use. */
export const CHANNELS = {
  sqs: channel({ parameters: SQS_PARAMETERS, check: checkSqs, Stack: SqsLoaderStack }),
  sns: channel({ parameters: SNS_PARAMETERS, check: checkTopic, Stack: SnsLoaderStack }),
  "sns-to-sqs": channel({
    parameters: SNS_TO_SQS_PARAMETERS,
    check: checkSnsToSqs,
    Stack: SnsToSqsLoaderStack,
  }),
  kinesis: channel({ parameters: KINESIS_PARAMETERS, Stack: KinesisLoaderStack }),
  msk: channel({ parameters: MSK_PARAMETERS, check: checkMsk, Stack: MskLoaderStack }),
  eventbridge: channel({ parameters: EVENTBRIDGE_PARAMETERS, Stack: EventBridgeLoaderStack }),
  dms: channel({
    parameters: DMS_PARAMETERS,
    check: checkDms,
    files: ["mappingFile"],
    Stack: DmsLoaderStack,
  }),
  dynamodb: channel({ parameters: DYNAMODB_PARAMETERS, Stack: DynamoDbStreamLoaderStack }),
} as const;

/** The name of a channel. */
export type ChannelName = keyof typeof CHANNELS;

/** One loader of `loader.config.ts`. */
export type LoaderDefinition = {
  [C in ChannelName]: { readonly channel: C } & Placement &
    ParameterInput<
      typeof LOADER_PARAMETERS & typeof FUNCTION_PARAMETERS & (typeof CHANNELS)[C]["parameters"]
    >;
}[ChannelName];

/** All parameters of a channel. */
export function parametersOf(name: ChannelName): Parameters {
  return { ...LOADER_PARAMETERS, ...FUNCTION_PARAMETERS, ...channelOf(name).parameters };
}

/** How a channel is deployed, whatever its parameters. */
export function channelOf(name: ChannelName): Channel {
  return CHANNELS[name] as unknown as Channel;
}
