// SPDX-License-Identifier: MIT
import { parseIdentifier, type FieldName, type TableName } from "../event/identifier";
import { RevisionWriter } from "./revision-writer";

/** Which field holds the id in which table; `*` stands for every table that is not named. */
export type IdFieldMap = Readonly<Record<string, string>>;

/** How a {@link TableMapperRevisionWriter} finds documents; the configuration has it from `TABLE_ID_FIELDS`. */
export interface TableMapperOptions {
  readonly tableIdFields: IdFieldMap;
}

/**
 * Keeps the event's id in a field of each table's own, usually one that the documents have anyway: their natural key.
 *
 * Events of tables that the map does not cover are rejected with `no-id-field`.
 *
 * @throws InvalidIdentifierError if a name in the map cannot be a table's or field's.
 */
export class TableMapperRevisionWriter extends RevisionWriter {
  readonly #fields: ReadonlyMap<string, FieldName>;

  constructor(options: TableMapperOptions | IdFieldMap) {
    super();
    const idFields = isOptions(options) ? options.tableIdFields : options;
    this.#fields = new Map(
      Object.entries(idFields).map(([table, field]) => [
        table === "*" ? table : parseIdentifier(table),
        parseIdentifier(field),
      ]),
    );
  }

  override idField(table: TableName): FieldName | undefined {
    return this.#fields.get(table) ?? this.#fields.get("*");
  }
}

/** A map holds names only, also for a table that is called `tableIdFields`. */
function isOptions(options: TableMapperOptions | IdFieldMap): options is TableMapperOptions {
  const { tableIdFields } = options;
  return typeof tableIdFields === "object";
}
