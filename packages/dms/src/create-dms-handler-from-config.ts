// SPDX-License-Identifier: MIT
import { parseSettings, type Environment, type Loader, type Logger } from "@ledger-loader/core";
import { DMS_SETTINGS } from "./dms-settings";
import { createDmsHandler, type DmsHandler } from "./handler";
import { loadMapper } from "./load-mapper";

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
  const config = parseSettings(DMS_SETTINGS, environment);
  return createDmsHandler(loader, { ...config, mapper: await loadMapper(config), logger });
}
