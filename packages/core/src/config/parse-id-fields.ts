// SPDX-License-Identifier: MIT
import { MappingError } from "../errors";
import { parseIdentifier } from "../event/identifier";
import type { IdFieldMap } from "../writer/table-mapper-revision-writer";
import { parseProperties } from "./parse-properties";
import { parseSettingsText } from "./parse-settings-text";

/**
 * Reads a file that names the field in which each table keeps ids, `{"Vehicle": "VIN", "*": "oldDocumentId"}`: JSON or Ion
 * text, comments included; or Java properties, `Vehicle=VIN`.
 *
 * @param source - where the text was read, for the error. One that ends with `.properties` is read as Java properties.
 * @throws MappingError if it is no such file.
 */
export function parseIdFields(text: string, source: string): IdFieldMap {
  const value = readValue(text, source);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MappingError(source, "no object");
  }
  const map: Record<string, string> = {};
  for (const [table, field] of Object.entries(value)) {
    if (typeof field !== "string")
      throw new MappingError(source, `no field name for ${JSON.stringify(table)}`);
    map[table === "*" ? table : checked(table, source, "table")] = checked(field, source, "field");
  }
  return map;
}

function readValue(text: string, source: string): unknown {
  if (source.endsWith(".properties")) {
    const properties = parseProperties(text);
    if (properties === undefined) throw new MappingError(source, "a line that is not TABLE=FIELD");
    return properties;
  }
  try {
    return parseSettingsText(text);
  } catch (cause) {
    throw new MappingError(source, "what is neither", { cause });
  }
}

function checked(name: string, source: string, kind: "table" | "field"): string {
  try {
    return parseIdentifier(name);
  } catch (cause) {
    throw new MappingError(source, `${JSON.stringify(name)}, which cannot be a ${kind}`, { cause });
  }
}
