// SPDX-License-Identifier: MIT
export { EventMappingError } from "./mapping-errors";
export { PRESETS } from "./file/mapping-file";
export { parseMappingFile } from "./file/parse-mapping-file";
export type { MappingFile, PresetName } from "./file/mapping-file";
export { openMapping, parseMapping } from "./open-mapping";
export type { MappingOptions } from "./open-mapping";
export { VALUE_TYPES } from "./value/value-type";
export type { ValueType } from "./value/value-type";
