// SPDX-License-Identifier: MIT
import {
  type BodyReader,
  type Environment,
  type EventMapping,
  type Logger,
  readSettingsFile,
  silentLogger,
} from "@ledger-loader/core";
import { toDebeziumEvents } from "./debezium/debezium-events";
import { type MappingFile, type PresetMapping, type PresetName, PRESETS } from "./file/mapping-file";
import { parseMappingFile } from "./file/parse-mapping-file";
import { toMaxwellEvents } from "./maxwell/maxwell-events";
import { openDmsMapping } from "./presets/dms-mapping";
import { openDynamoDbMapping } from "./presets/dynamodb-mapping";
import { toPresetContext } from "./presets/preset-context";
import { readRecords } from "./read-records";
import { mapRecord } from "./row/map-record";

/** The parts that make a mapping. */
export interface MappingOptions {
  /** Settings of the presets `dms` and `dynamodb`. @defaultValue none */
  readonly environment?: Environment;
  /** Told of records that the mapping passes by. @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/**
 * Makes the mapping that `MAPPING` or `--mapping` names: a preset, or the path of a mapping file. A file with the name of a preset
 * needs a folder: `./debezium`.
 *
 * @throws EventMappingError if the file cannot be used, ConfigurationError if it cannot be read or a preset's settings are wrong,
 * MappingFileError for those of DMS.
 */
export async function openMapping(name: string, options: MappingOptions = {}): Promise<EventMapping> {
  const preset = PRESETS.find((each) => each === name);
  if (preset !== undefined) return { name, read: await openPreset(preset, undefined, options) };
  return parseMapping(await readSettingsFile("MAPPING", name), { ...options, name });
}

/**
 * Makes a mapping of a mapping file's text.
 *
 * @throws EventMappingError if the file cannot be used; for presets, what {@link openMapping} throws.
 */
export async function parseMapping(
  text: string,
  { name = "the mapping file", ...options }: MappingOptions & { readonly name?: string } = {},
): Promise<EventMapping> {
  return { name, read: await openFile(parseMappingFile(text, name), options) };
}

function openFile(file: MappingFile, options: MappingOptions): Promise<BodyReader> | BodyReader {
  if (file.preset !== undefined) return openPreset(file.preset, file, options);
  return readRecords((record) => mapRecord(record, file), { takesTombstones: false });
}

function openPreset(
  preset: PresetName,
  file: PresetMapping | undefined,
  { environment = {}, logger = silentLogger }: MappingOptions,
): Promise<BodyReader> | BodyReader {
  if (preset === "dms") return openDmsMapping(file, environment, logger);
  if (preset === "dynamodb") return openDynamoDbMapping(file, environment, logger);
  const context = toPresetContext(file ?? withoutFile(preset), logger);
  return preset === "debezium"
    ? readRecords((record) => toDebeziumEvents(record, context), { takesTombstones: true })
    : readRecords((record) => toMaxwellEvents(record, context), { takesTombstones: false });
}

function withoutFile(preset: PresetName): PresetMapping {
  return { preset, epoch: 0, tables: undefined, ignore: new Set(), engine: undefined };
}
