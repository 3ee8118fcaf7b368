// SPDX-License-Identifier: MIT
import { MappingError } from "../errors";
import { parseIdentifier } from "../event/identifier";
import type { IdFieldMap } from "../writer/table-mapper-revision-writer";
import { parseSettingsText } from "./parse-settings-text";

/**
 * Reads a file that names the field in which each table keeps ids, `{"Vehicle": "VIN", "*": "oldDocumentId"}`: JSON or Ion
 * text, comments included.
 *
 * @param source - where the text was read, for the error.
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
