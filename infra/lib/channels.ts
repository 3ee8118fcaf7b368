// SPDX-License-Identifier: MIT
import type { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { FUNCTION_PARAMETERS, LOADER_PARAMETERS } from "./function-parameters";
import type { LoaderValues } from "./loader-function";
import type { LoaderStackProps } from "./loader-stack";
import type { ParameterInput, Parameters, ParameterValues } from "./parameter";
import { checkDms, DMS_PARAMETERS, DmsLoaderStack } from "./dms-loader-stack";
import { DYNAMODB_PARAMETERS, DynamoDbStreamLoaderStack } from "./dynamodb-stream-loader-stack";
import { EVENTBRIDGE_PARAMETERS, EventBridgeLoaderStack } from "./eventbridge-loader-stack";
import { KINESIS_PARAMETERS, KinesisLoaderStack } from "./kinesis-loader-stack";
import { checkMsk, MSK_PARAMETERS, MskLoaderStack } from "./msk-loader-stack";
import { checkTopic, SNS_PARAMETERS, SnsLoaderStack } from "./sns-loader-stack";
import { checkSnsToSqs, SNS_TO_SQS_PARAMETERS, SnsToSqsLoaderStack } from "./sns-to-sqs-loader-stack";
import { checkSqs, SQS_PARAMETERS, SqsLoaderStack } from "./sqs-loader-stack";

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

/** Where a loader is deployed. */
export interface Placement {
  /** Names the stack, `LedgerLoader-ID`. @defaultValue the channel */
  readonly id?: string;
  /** @defaultValue the region of the AWS CLI's profile */
  readonly region?: string;
  /** @defaultValue the account of the AWS CLI's profile */
  readonly account?: string;
}

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
