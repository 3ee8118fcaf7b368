// SPDX-License-Identifier: MIT
import {
  DEFAULT_ID_FIELD,
  type FieldName,
  type IdFieldMap,
  type TableName,
  parseIdentifier,
  parseSettingsText,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A mapping of tables to id fields that is none. */
export class MappingError extends LedgerLoaderError {
  readonly code = "MAPPING";
  /** Where it was read. */
  readonly source: string;

  constructor(source: string, found: string, options: { readonly cause?: unknown } = {}) {
    super(
      `Expected {"<table>": "<field>", "*": "<field of all others>"} as JSON in ${source}, found ${found}: ` +
        "correct the mapping that the ledger was loaded with.",
      options,
    );
    this.source = source;
  }
}

/** Parses a mapping of tables to the fields in which the loader keeps ids. Throws {@link MappingError}. */
export function parseIdFields(json: string, source: string): IdFieldMap {
  let value: unknown;
  try {
    value = parseSettingsText(json);
  } catch (cause) {
    throw new MappingError(source, "no JSON", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MappingError(source, "no object");
  }
  const map: Record<string, string> = {};
  for (const [table, field] of Object.entries(value)) {
    if (typeof field !== "string")
      throw new MappingError(source, `no field name for ${JSON.stringify(table)}`);
    map[checked(table, source)] = checked(field, source, "field");
  }
  return map;
}

/** Finds the id field of a table: its own, that of `*`, or the loader's default. */
export function idFieldFinder(map: IdFieldMap): (table: TableName) => FieldName {
  return (table) => parseIdentifier(map[table] ?? map["*"] ?? DEFAULT_ID_FIELD);
}

function checked(name: string, source: string, kind: "table" | "field" = "table"): string {
  if (kind === "table" && name === "*") return name;
  try {
    return parseIdentifier(name);
  } catch (cause) {
    throw new MappingError(source, `${JSON.stringify(name)}, which cannot be a ${kind}`, { cause });
  }
}
