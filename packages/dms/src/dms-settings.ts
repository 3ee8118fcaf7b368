// SPDX-License-Identifier: MIT
import type { Setting } from "@ledger-loader/core";
import type { ControlAction, ControlPolicy } from "./control-policy";
import { DEFAULT_CONTROL_POLICY } from "./control-policy";
import { BEFORE_IMAGE_FIELD } from "./decode-dms-records";
import { SOURCE_ENGINES, type SourceEngine } from "./log-position";
import type { AbsentColumns } from "./load-event-mapper";

function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/** The settings of the DMS channel, beside those of the loader. */
export const DMS_SETTINGS = {
  engine: setting<SourceEngine>({
    name: "DMS_SOURCE_ENGINE",
    accepts: SOURCE_ENGINES.join(", "),
    parse: (text) => SOURCE_ENGINES.find((engine) => engine === text),
    meaning: "The engine of the source database. MariaDB and Aurora are what they are compatible with.",
    tradeOff: "None: it must be set, because the same text is another log position for another engine.",
  }),
  loadEventMapper: setting({
    name: "LOAD_EVENT_MAPPER",
    accepts: "MappingFileLoadEventMapper or module#export",
    parse: (text) => (/^(MappingFileLoadEventMapper|[^#]+#\w+)$/.test(text) ? text : undefined),
    defaultValue: "MappingFileLoadEventMapper",
    meaning: "The mapper of rows to documents: the mapping file, or a pure LoadEventMapper of a module.",
    tradeOff: "None.",
  }),
  mappingFile: setting({
    name: "DMS_MAPPING_FILE",
    accepts: "a path",
    parse: (text) => text,
    defaultValue: "dms-mapping.json",
    meaning: "The mapping file for MappingFileLoadEventMapper.",
    tradeOff: "None.",
  }),
  absentColumns: setting<AbsentColumns>({
    name: "DMS_ABSENT_COLUMNS",
    accepts: "reject or omit",
    parse: (text) => (["reject", "omit"] as const).find((each) => each === text),
    defaultValue: "reject",
    meaning: "The meaning of a column that DMS leaves out: unchanged (reject), or NULL (omit).",
    tradeOff:
      "With omit, a value that DMS did not capture is lost. With reject, IncludeNullAndEmpty must be set.",
  }),
  beforeImageField: setting({
    name: "BEFORE_IMAGE_FIELD_NAME",
    accepts: "the name of a field",
    parse: (text) => (text.length <= 128 ? text : undefined),
    defaultValue: BEFORE_IMAGE_FIELD,
    meaning: "The FieldName of the task's BeforeImageSettings.",
    tradeOff: "With another name, an update that changes a key is rejected as missing-document.",
  }),
  controlPolicy: setting<ControlPolicy>({
    name: "DMS_CONTROL_RECORDS",
    accepts: "operation=acknowledge or operation=reject pairs with commas between",
    parse: parsePolicy,
    format: (policy) =>
      Object.entries(policy)
        .map(([operation, action]) => `${operation}=${action}`)
        .join(","),
    defaultValue: DEFAULT_CONTROL_POLICY,
    meaning: "Acknowledges or rejects kinds of control records, such as truncate-table. Others are rejected.",
    tradeOff: "An acknowledged truncate-table leaves rows in the ledger.",
  }),
  epoch: setting({
    name: "DMS_EPOCH",
    accepts: "an integer from 0 to 999999",
    parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
    defaultValue: 0,
    meaning: "Raise it by one when a table is loaded again or the source's log starts again.",
    tradeOff: "Rows that vanished between two loads stay in the ledger.",
  }),
  withoutPosition: setting<"reject" | "accept">({
    name: "DMS_RECORDS_WITHOUT_POSITION",
    accepts: "reject or accept",
    parse: (text) => (["reject", "accept"] as const).find((each) => each === text),
    defaultValue: "reject",
    meaning: "Rejects or accepts changes without a log position (IncludeTransactionDetails is off).",
    tradeOff: "With accept, a redelivered change can replace a newer row.",
  }),
} as const;

function parsePolicy(text: string): ControlPolicy | undefined {
  const pairs = text.split(",").map((pair) => /^\s*([\w-]+)=(reject|acknowledge)\s*$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] as ControlAction]));
}
