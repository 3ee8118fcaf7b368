// SPDX-License-Identifier: MIT
import {
  type Environment,
  type EventMapping,
  type Logger,
  SETTINGS,
  silentLogger,
} from "@ledger-loader/core";
import { setting } from "../ledger/connection";
import type { LoaderSettingOptions } from "./loader-settings";

/** Makes the mapping that `--mapping` names, else `MAPPING`; `undefined` where records are events. */
export async function openMappingFor(
  env: Environment,
  { mapping }: Pick<LoaderSettingOptions, "mapping">,
): Promise<EventMapping | undefined> {
  const name = mapping ?? setting(env, SETTINGS.mapping.name);
  return name === undefined ? undefined : openNamedMapping(name, env, silentLogger);
}

/** Makes the mapping with this name, a preset or the path of a mapping file. */
export async function openNamedMapping(
  name: string,
  environment: Environment,
  logger: Logger,
): Promise<EventMapping> {
  const { openMapping } = await import("@ledger-loader/mapping");
  return openMapping(name, { environment, logger });
}
