// SPDX-License-Identifier: MIT
import { parseSettings, type Environment, type Loader, type Logger } from "@ledger-loader/core";
import type { DmsOptions } from "./decode-dms-records";
import { DMS_SETTINGS } from "./dms-settings";
import { createDmsHandler, type DmsHandler } from "./handler";
import { loadMapper } from "./load-mapper";

/**
 * Reads the channel's options from environment variables, {@link DMS_SETTINGS}, and loads the mapper that they name.
 *
 * @throws ConfigurationError naming every problem at once; MapperNotFoundError; MappingFileError.
 */
export async function readDmsOptions(environment: Environment, logger: Logger): Promise<DmsOptions> {
  const config = parseSettings(DMS_SETTINGS, environment);
  return { ...config, mapper: await loadMapper(config), logger };
}

/**
 * Makes the Lambda function from environment variables: {@link DMS_SETTINGS}.
 *
 * @throws ConfigurationError naming every problem at once; MapperNotFoundError; MappingFileError.
 */
export async function createDmsHandlerFromConfig(
  loader: Loader,
  environment: Environment,
  logger: Logger,
): Promise<DmsHandler> {
  return createDmsHandler(loader, await readDmsOptions(environment, logger));
}
