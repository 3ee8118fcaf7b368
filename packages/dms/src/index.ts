// SPDX-License-Identifier: MIT
export { COLUMN_TYPES, toColumnValue } from "./column-value";
export type { ColumnType } from "./column-value";
export { CONTROL_OPERATIONS, DEFAULT_CONTROL_POLICY } from "./control-policy";
export type { ControlAction, ControlPolicy } from "./control-policy";
export { createDmsHandlerFromConfig, readDmsOptions } from "./create-dms-handler-from-config";
export { BEFORE_IMAGE_FIELD, decodeDmsRecords } from "./decode-dms-records";
export type { DmsOptions } from "./decode-dms-records";
export { MapperNotFoundError, MappingFileError } from "./dms-errors";
export { DMS_SETTINGS } from "./dms-settings";
export { createDmsHandler } from "./handler";
export type { DmsHandler } from "./handler";
export type { AbsentColumns, LoadEventMapper, SourceTable } from "./load-event-mapper";
export { loadMapper, makeMapper } from "./load-mapper";
export type { DmsConfig } from "./load-mapper";
export { parseLogPosition, SOURCE_ENGINES } from "./log-position";
export type { SourceEngine } from "./log-position";
export { MappingFileLoadEventMapper } from "./mapping-file-load-event-mapper";
export type { MappingOptions } from "./mapping-file-load-event-mapper";
