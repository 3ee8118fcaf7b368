// SPDX-License-Identifier: MIT
import { DMS_SETTINGS, type SourceEngine } from "@ledger-loader/dms";
import { fromSetting, optional, required, text, type ParameterValues } from "./parameter";
import type { LoaderValues } from "./function-parameters";
import { parseSourceExport, type SourceExport } from "../constructs/source-export";
import { STREAM_PARAMETERS } from "./stream-parameters";

/** The mapper that reads a mapping file. */
export const BUILT_IN_MAPPER = "MappingFileLoadEventMapper";

/** The parameters of the stream that DMS writes to, and of the mapping of its rows. */
export const DMS_SETTINGS_PARAMETERS = {
  engine: required<SourceEngine>(fromSetting<SourceEngine>(DMS_SETTINGS.engine)),
  loadEventMapper: optional<typeof BUILT_IN_MAPPER | SourceExport>({
    accepts: `${BUILT_IN_MAPPER}, or { entry: "./file.ts", export: "Name" }`,
    parse: (value) => (value === BUILT_IN_MAPPER ? BUILT_IN_MAPPER : parseSourceExport(value)),
    defaultValue: BUILT_IN_MAPPER,
    meaning:
      "The mapper of rows to documents: the mapping file, or your own LoadEventMapper, which is bundled.",
    tradeOff: DMS_SETTINGS.loadEventMapper.tradeOff,
  }),
  mappingFile: optional<string | undefined>({
    accepts: "the path of a mapping file",
    parse: text(/./),
    defaultValue: undefined,
    meaning: `The mapping file for ${BUILT_IN_MAPPER}. The file is bundled.`,
    tradeOff: "None.",
  }),
  absentColumns: fromSetting(DMS_SETTINGS.absentColumns),
  beforeImageField: fromSetting(DMS_SETTINGS.beforeImageField),
  controlPolicy: fromSetting(DMS_SETTINGS.controlPolicy),
  epoch: fromSetting(DMS_SETTINGS.epoch),
  withoutPosition: fromSetting(DMS_SETTINGS.withoutPosition),
} as const;

/** The parameters of a DMS loader. */
export const DMS_PARAMETERS = { ...STREAM_PARAMETERS, ...DMS_SETTINGS_PARAMETERS } as const;

/** The values of a DMS loader. */
export type DmsValues = LoaderValues & ParameterValues<typeof DMS_PARAMETERS>;
