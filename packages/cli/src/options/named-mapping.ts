// SPDX-License-Identifier: MIT
import {
  type Environment,
  type EventMapping,
  type Logger,
  SETTINGS,
  silentLogger,
} from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
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

/**
 * Makes the mapping of a replay, which reads each revision as the event that it is. The environment's is for channels.
 *
 * @throws UsageError for a preset: revisions are no records of Debezium.
 */
export async function openRevisionMapping(
  env: Environment,
  { mapping: name }: Pick<LoaderSettingOptions, "mapping">,
): Promise<EventMapping | undefined> {
  if (name === undefined) return undefined;
  const { PRESETS } = await import("@ledger-loader/mapping");
  if (PRESETS.some((preset) => preset === name))
    throw new UsageError(
      `expected --mapping to name a mapping file, since revisions are events, found the preset ${name}`,
    );
  return openNamedMapping(name, env, silentLogger);
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
