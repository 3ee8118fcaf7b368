// SPDX-License-Identifier: MIT
import { type SettingValues, importExport, readSettingsFile } from "@ledger-loader/core";
import { MapperNotFoundError } from "./dms-errors";
import type { DMS_SETTINGS } from "./dms-settings";
import type { LoadEventMapper } from "./load-event-mapper";
import { MappingFileLoadEventMapper } from "./mapping-file-load-event-mapper";

/** The values of the DMS channel's settings. */
export type DmsConfig = SettingValues<typeof DMS_SETTINGS>;

/**
 * Makes the mapper that `LOAD_EVENT_MAPPER` names.
 *
 * The export of `module#export` is a class, which is constructed with the configuration, a function that is called with
 * it and returns a mapper, or a mapper itself.
 *
 * @throws MapperNotFoundError if there is no such mapper; ConfigurationError if the
 * mapping file cannot be read or is not UTF-8; MappingFileError if it cannot be used.
 */
export async function loadMapper(
  config: Pick<DmsConfig, "loadEventMapper" | "mappingFile" | "absentColumns">,
): Promise<LoadEventMapper> {
  const { loadEventMapper: name, mappingFile, absentColumns } = config;
  if (!name.includes("#")) {
    const text = await readSettingsFile("DMS_MAPPING_FILE", mappingFile);
    return new MappingFileLoadEventMapper(text, { absentColumns, name: mappingFile });
  }
  const exported = await importExport(name).catch((cause: unknown) => {
    throw new MapperNotFoundError(name, "no such module, or one that fails on import", cause);
  });
  return makeMapper(config, exported);
}

/**
 * Makes a mapper of what a module exports: see {@link loadMapper}.
 *
 * @throws MapperNotFoundError if it makes none.
 */
export function makeMapper(config: Pick<DmsConfig, "loadEventMapper">, exported: unknown): LoadEventMapper {
  let mapper: unknown;
  try {
    mapper = construct(exported, config);
  } catch (error) {
    const problem = String(error).split("\n", 1)[0] ?? "";
    throw new MapperNotFoundError(
      config.loadEventMapper,
      `one that cannot be made: given the configuration, it threw ${problem}`,
      error,
    );
  }
  if (isMapper(mapper)) return mapper;
  throw new MapperNotFoundError(
    config.loadEventMapper,
    "an export without mapTableName, mapPrimaryKey and mapDataRecord",
  );
}

function construct(exported: unknown, config: object): unknown {
  if (typeof exported !== "function") return exported;
  // A class may also have its methods as fields, which its prototype does not know.
  const isClass = Function.prototype.toString.call(exported).startsWith("class");
  return isClass || isMapper(exported.prototype)
    ? new (exported as new (config: object) => unknown)(config)
    : (exported as (config: object) => unknown)(config);
}

const METHODS = ["mapTableName", "mapPrimaryKey", "mapDataRecord"] satisfies (keyof LoadEventMapper)[];

function isMapper(value: unknown): value is LoadEventMapper {
  if (typeof value !== "object" || value === null) return false;
  return METHODS.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}
