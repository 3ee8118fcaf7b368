// SPDX-License-Identifier: MIT
export { LoaderAlarms } from "./constructs/alarms";
export { CHANNELS, parametersOf } from "./app/channels";
export type { Channel, LoaderDefinition } from "./app/channels";
export type { ChannelName } from "./parameters/channel-name";
export { createApp, stackName } from "./app/create-app";
export type { LoaderAppProps } from "./app/create-app";
export { DashboardStack } from "./app/dashboard-stack";
export type { DashboardStackProps } from "./app/dashboard-stack";
export { createVerifyApp, VERIFY_STACK } from "./app/create-verify-app";
export { defineLoaders } from "./app/define-loaders";
export type { LoaderFile } from "./app/define-loaders";
export { BundleError, DeploymentConfigError } from "./infra-errors";
export { loadAppFile, loadConfigFile } from "./app/load-config-file";
export type { LoaderApp } from "./app/load-config-file";
export { LoaderFunction } from "./constructs/loader-function";
export type { FunctionSpec, LoaderFunctionProps } from "./constructs/loader-function";
export type { CommonValues, LoaderValues, WriterChoice } from "./parameters/function-parameters";
export type { JsonObject } from "./parameters/parameter";
export { Ledger } from "./constructs/ledger";
export type { ILedger, LedgerOptions } from "./constructs/ledger";
export { Loader } from "./constructs/loader";
export type { LoaderProps } from "./constructs/loader-props";
export type {
  FilterProps,
  MappingProps,
  PositionProps,
  ShardProps,
  StreamProps,
  SubscriptionProps,
} from "./constructs/channels/channel-props";
export { ShardLoader } from "./constructs/channels/shard-loader";
export { SqsLoader } from "./constructs/channels/sqs-loader";
export type { QueueProps, SqsLoaderProps } from "./constructs/channels/sqs-loader";
export { SnsLoader } from "./constructs/channels/sns-loader";
export type { SnsLoaderProps, TopicProps } from "./constructs/channels/sns-loader";
export { SnsToSqsLoader } from "./constructs/channels/sns-to-sqs-loader";
export type { SnsToSqsLoaderProps } from "./constructs/channels/sns-to-sqs-loader";
export { KinesisLoader, QldbStreamLoader } from "./constructs/channels/kinesis-loader";
export type { KinesisLoaderProps, QldbStreamLoaderProps } from "./constructs/channels/kinesis-loader";
export { MskLoader } from "./constructs/channels/msk-loader";
export type { MskLoaderProps } from "./constructs/channels/msk-loader";
export { EventBridgeLoader } from "./constructs/channels/eventbridge-loader";
export type { EventBridgeLoaderProps } from "./constructs/channels/eventbridge-loader";
export { DmsLoader } from "./constructs/channels/dms-loader";
export type { DmsLoaderProps } from "./constructs/channels/dms-loader";
export { DynamoDbLoader } from "./constructs/channels/dynamodb-loader";
export type { DynamoDbLoaderProps } from "./constructs/channels/dynamodb-loader";
export { LedgerService } from "./constructs/server/ledger-service";
export type { LedgerServiceProps } from "./constructs/server/ledger-service-props";
export { LoaderDashboard } from "./constructs/loader-dashboard";
export type { LoaderDashboardProps } from "./constructs/loader-dashboard";
export { LedgerStack } from "./stacks/ledger-stack";
export type { LedgerStackProps } from "./stacks/ledger-stack";
export { renderRulesReference } from "./rules/rules-reference";
export { LoaderStack } from "./constructs/loader-stack";
export type { LoaderStackProps } from "./constructs/loader-stack";
export { renderParametersReference } from "./parameters/parameters-reference";
export { parseLoaders } from "./app/parse-loaders";
export type { ParsedLoader } from "./app/parse-loaders";
export type { SourceExport } from "./constructs/source-export";
export { DmsLoaderStack } from "./stacks/dms-loader-stack";
export { DynamoDbStreamLoaderStack } from "./stacks/dynamodb-stream-loader-stack";
export { EventBridgeLoaderStack } from "./stacks/eventbridge-loader-stack";
export { ExportVerifyStack } from "./stacks/export-verify-stack";
export type { ExportVerifyStackProps } from "./stacks/export-verify-stack";
export { KinesisLoaderStack } from "./stacks/kinesis-loader-stack";
export { MskLoaderStack } from "./stacks/msk-loader-stack";
export { SnsLoaderStack } from "./stacks/sns-loader-stack";
export { SnsToSqsLoaderStack } from "./stacks/sns-to-sqs-loader-stack";
export { SqsLoaderStack } from "./stacks/sqs-loader-stack";
export type { Placement } from "./parameters/placement";
