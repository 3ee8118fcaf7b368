// SPDX-License-Identifier: MIT
import type { BodyReader, Environment, Logger } from "@ledger-loader/core";
import { decodeDmsRecords, DMS_SETTINGS, type LoadEventMapper, readDmsOptions } from "@ledger-loader/dms";
import { dom } from "ion-js";
import type { PresetMapping, TableRule } from "../file/mapping-file";
import { readId } from "../row/map-record";
import { TableRules } from "../row/table-rules";
import { WHOLE } from "../value/record-path";
import { evaluate, fieldReadOf, type StructRule, type ValueRule } from "../value/value-rule";

/**
 * Reads records of AWS DMS, by the DMS_ settings of the environment. Tables come from the mapping file, or without one from
 * DMS_MAPPING_FILE.
 *
 * @throws ConfigurationError, MappingFileError if the settings cannot be used.
 */
export async function openDmsMapping(
  file: PresetMapping | undefined,
  environment: Environment,
  logger: Logger,
): Promise<BodyReader> {
  if (file === undefined) {
    const options = await readDmsOptions(environment, logger);
    return (body) => decodeDmsRecords(body, options);
  }
  const { engine, epoch } = DMS_SETTINGS;
  const said = {
    ...(file.engine === undefined ? {} : { [engine.name]: file.engine }),
    ...(file.epoch === 0 ? {} : { [epoch.name]: String(file.epoch) }),
  };
  const options = await readDmsOptions({ ...environment, ...said }, logger, toMapper(file));
  return (body) => decodeDmsRecords(body, options);
}

/** The tables of a mapping file, as the DMS channel asks for them. */
function toMapper({ tables }: PresetMapping): LoadEventMapper {
  const rules = new TableRules(tables);
  const find = ({
    schema,
    table,
  }: {
    readonly schema: string;
    readonly table: string;
  }): TableRule | undefined => {
    const rule = rules.find({ database: undefined, schema, table });
    return rule === "ignore" ? undefined : rule;
  };
  return {
    mapTableName: (source) => {
      const rule = find(source);
      return rule && (rule.table ?? source.table);
    },
    mapPrimaryKey: (row, source) => {
      const { id = [] } = find(source) ?? {};
      const columns = id.flatMap((rule) => fieldReadOf(rule, WHOLE));
      const isWhole = columns.every((column) => row.get(column)?.isNull() === false);
      return isWhole ? readId(id, { value: row, key: undefined }) : undefined;
    },
    mapDataRecord: (row, source) => {
      const fields = find(source)?.fields;
      if (fields === undefined) return row;
      const present = new Map([...fields.fields].filter(([, rule]) => isPresent(rule, row)));
      const struct: StructRule = { ...fields, fields: present };
      const data = evaluate(struct, { value: row, key: undefined });
      return data instanceof dom.Struct ? data : row;
    },
    // Without fields nothing tells which columns a table has.
    unchangedFields: (row, source) => {
      const fields = find(source)?.fields;
      if (fields === undefined || fields.rest !== undefined) return ["*"];
      return [...fields.fields].flatMap(([name, rule]) => (isPresent(rule, row) ? [] : [name]));
    },
    ignores: ({ schema, table }) => rules.find({ database: undefined, schema, table }) === "ignore",
  };
}

/** True if the row has every column that the rule reads: absent columns are for the channel to judge. */
function isPresent(rule: ValueRule, row: dom.Struct): boolean {
  return fieldReadOf(rule, WHOLE).every((column) => row.get(column) !== null);
}
