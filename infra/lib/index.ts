// SPDX-License-Identifier: MIT
export { LoaderAlarms } from "./alarms";
export { CHANNELS, parametersOf } from "./channels";
export type { Channel, ChannelName, LoaderDefinition, Placement } from "./channels";
export { createApp, stackName } from "./create-app";
export { defineLoaders } from "./define-loaders";
export type { LoaderFile } from "./define-loaders";
export { BundleError, DeploymentConfigError } from "./infra-errors";
export { loadConfigFile } from "./load-config-file";
export { LoaderFunction } from "./loader-function";
export type { LoaderFunctionProps, LoaderValues } from "./loader-function";
export { LoaderStack } from "./loader-stack";
export type { LoaderStackProps } from "./loader-stack";
export { renderParametersReference } from "./parameters-reference";
export { parseLoaders } from "./parse-loaders";
export type { ParsedLoader } from "./parse-loaders";
export type { SourceExport } from "./source-export";
export { SqsLoaderStack } from "./sqs-loader-stack";
