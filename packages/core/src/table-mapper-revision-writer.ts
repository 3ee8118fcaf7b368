// SPDX-License-Identifier: MIT
import { parseIdentifier, type FieldName, type TableName } from "./identifier";
import { RevisionWriter } from "./revision-writer";

/** Which field holds the id in which table; `*` stands for every table that is not named. */
export type IdFieldMap = Readonly<Record<string, string>>;

/**
 * Keeps the event's id in a field of each table's own, usually one that the documents have anyway: their natural key.
 *
 * Events of tables that the map does not cover are rejected with `no-id-field`.
 *
 * @throws InvalidIdentifierError if a name in the map cannot be a table's or field's.
 */
export class TableMapperRevisionWriter extends RevisionWriter {
  readonly #fields: ReadonlyMap<string, FieldName>;

  constructor(idFields: IdFieldMap) {
    super();
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
