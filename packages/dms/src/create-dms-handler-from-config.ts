// SPDX-License-Identifier: MIT
import {
  type Environment,
  type Loader,
  type Logger,
  parseSettings,
  refuseMapping,
} from "@ledger-loader/core";
import type { DmsOptions } from "./decode-dms-records";
import { DMS_SETTINGS } from "./dms-settings";
import { createDmsHandler, type DmsHandler } from "./handler";
import { loadMapper, makeMapper } from "./load-mapper";

/**
 * Reads the channel's options from environment variables, {@link DMS_SETTINGS}, and loads the mapper that they name.
 *
 * @param exportedMapper what `LOAD_EVENT_MAPPER` would name, where the program has it: it takes its place
 * @throws ConfigurationError naming every problem at once; MapperNotFoundError; MappingFileError.
 */
export async function readDmsOptions(
  environment: Environment,
  logger: Logger,
  exportedMapper?: unknown,
): Promise<DmsOptions> {
  const config = parseSettings(DMS_SETTINGS, environment);
  const mapper = exportedMapper === undefined ? await loadMapper(config) : makeMapper(config, exportedMapper);
  return { ...config, mapper, logger };
}

/**
 * Makes the Lambda function from environment variables: {@link DMS_SETTINGS}.
 *
 * @param exportedMapper as for {@link readDmsOptions}
 * @throws ConfigurationError naming every problem at once; MapperNotFoundError; MappingFileError.
 */
export async function createDmsHandlerFromConfig(
  loader: Loader,
  environment: Environment,
  logger: Logger,
  exportedMapper?: unknown,
): Promise<DmsHandler> {
  refuseMapping(environment, "LOAD_EVENT_MAPPER and DMS_MAPPING_FILE");
  return createDmsHandler(loader, await readDmsOptions(environment, logger, exportedMapper));
}
