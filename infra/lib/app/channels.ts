// SPDX-License-Identifier: MIT
import type { Construct } from "constructs";
import { FUNCTION_PARAMETERS, LOADER_PARAMETERS, type LoaderValues } from "../parameters/function-parameters";
import type { LoaderStack, LoaderStackProps } from "../constructs/loader-stack";
import type { ChannelName } from "../parameters/channel-name";
import type { Placement } from "../parameters/placement";
import type { ParameterInput, Parameters, ParameterValues } from "../parameters/parameter";
import { DMS_PARAMETERS } from "../parameters/dms-parameters";
import { DYNAMODB_PARAMETERS } from "../parameters/dynamodb-parameters";
import { EVENTBRIDGE_PARAMETERS } from "../parameters/eventbridge-parameters";
import { KINESIS_PARAMETERS } from "../parameters/kinesis-parameters";
import { MSK_PARAMETERS } from "../parameters/msk-parameters";
import { SNS_PARAMETERS } from "../parameters/sns-parameters";
import { SNS_TO_SQS_PARAMETERS } from "../parameters/sns-to-sqs-parameters";
import { SQS_PARAMETERS } from "../parameters/sqs-parameters";
import { DmsLoaderStack } from "../stacks/dms-loader-stack";
import { DynamoDbStreamLoaderStack } from "../stacks/dynamodb-stream-loader-stack";
import { EventBridgeLoaderStack } from "../stacks/eventbridge-loader-stack";
import { KinesisLoaderStack } from "../stacks/kinesis-loader-stack";
import { MskLoaderStack } from "../stacks/msk-loader-stack";
import { SnsLoaderStack } from "../stacks/sns-loader-stack";
import { SnsToSqsLoaderStack } from "../stacks/sns-to-sqs-loader-stack";
import { SqsLoaderStack } from "../stacks/sqs-loader-stack";

/** How a channel is deployed. */
export interface Channel<P extends Parameters = Parameters> {
  /** Its own parameters, beside those of every loader. */
  readonly parameters: P;
  /** The parameters that name files, which are resolved from the folder of `loader.config.ts` on. */
  readonly files?: readonly (keyof P & string)[];
  readonly Stack: new (
    scope: Construct,
    id: string,
    props: LoaderStackProps<LoaderValues & ParameterValues<P>>,
  ) => LoaderStack;
}

/** Declares a channel, and checks that its parts fit together. */
function channel<const P extends Parameters>(definition: Channel<P>): Channel<P> {
  return definition;
}

/** Every delivery channel, by the name that `loader.config.ts` and the command line use. */
export const CHANNELS = {
  sqs: channel({ parameters: SQS_PARAMETERS, Stack: SqsLoaderStack }),
  sns: channel({ parameters: SNS_PARAMETERS, Stack: SnsLoaderStack }),
  "sns-to-sqs": channel({
    parameters: SNS_TO_SQS_PARAMETERS,

    Stack: SnsToSqsLoaderStack,
  }),
  kinesis: channel({ parameters: KINESIS_PARAMETERS, Stack: KinesisLoaderStack }),
  msk: channel({ parameters: MSK_PARAMETERS, Stack: MskLoaderStack }),
  eventbridge: channel({ parameters: EVENTBRIDGE_PARAMETERS, Stack: EventBridgeLoaderStack }),
  dms: channel({
    parameters: DMS_PARAMETERS,

    files: ["mappingFile"],
    Stack: DmsLoaderStack,
  }),
  dynamodb: channel({ parameters: DYNAMODB_PARAMETERS, Stack: DynamoDbStreamLoaderStack }),
} as const satisfies Readonly<Record<ChannelName, unknown>>;

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
  // Each stack takes the values of its own channel only, so no type fits all of them. The name that chooses the stack here has
  // chosen the parameters by which its values were read.
  return CHANNELS[name] as unknown as Channel;
}
