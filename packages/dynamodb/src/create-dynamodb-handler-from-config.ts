// SPDX-License-Identifier: MIT
import {
  type Environment,
  type Loader,
  type Logger,
  parseSettings,
  refuseMapping,
} from "@ledger-loader/core";
import type { DynamoDbOptions } from "./dynamodb-options";
import { DYNAMODB_SETTINGS } from "./dynamodb-settings";
import { createDynamoDbHandler, type DynamoDbHandler } from "./handler";
import { createDynamoDbKinesisHandler, type DynamoDbKinesisHandler } from "./kinesis-handler";

/**
 * Reads the channel's options from environment variables: {@link DYNAMODB_SETTINGS}.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export function readDynamoDbOptions(environment: Environment, logger: Logger): DynamoDbOptions {
  return { ...parseSettings(DYNAMODB_SETTINGS, environment), logger };
}

/**
 * Makes the Lambda function of a table's stream from environment variables: {@link DYNAMODB_SETTINGS}.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export function createDynamoDbHandlerFromConfig(
  loader: Loader,
  environment: Environment,
  logger: Logger,
): DynamoDbHandler {
  refuseMapping(environment, "the DYNAMODB_ settings");
  return createDynamoDbHandler(loader, readDynamoDbOptions(environment, logger));
}

/**
 * Makes the Lambda function of a Kinesis data stream that DynamoDB feeds, from the same environment variables.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export function createDynamoDbKinesisHandlerFromConfig(
  loader: Loader,
  environment: Environment,
  logger: Logger,
): DynamoDbKinesisHandler {
  refuseMapping(environment, "the DYNAMODB_ settings");
  return createDynamoDbKinesisHandler(loader, readDynamoDbOptions(environment, logger));
}
