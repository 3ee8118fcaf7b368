// SPDX-License-Identifier: MIT
import { parseIdentifier, type FieldName, type TableName } from "../event/identifier";
import { RevisionWriter } from "./revision-writer";

/** The field in which the Java loader keeps the id, and this one unless told otherwise. */
export const DEFAULT_ID_FIELD = "oldDocumentId";

/** How a {@link BaseRevisionWriter} finds documents. */
export interface BaseRevisionWriterOptions {
  /** @defaultValue `"oldDocumentId"` */
  readonly idField?: string;
}

/**
 * Keeps the event's id in one indexed field that is the same in every table.
 *
 * @throws InvalidIdentifierError if that field's name cannot be one.
 */
export class BaseRevisionWriter extends RevisionWriter {
  readonly #idField: FieldName;

  constructor(options: BaseRevisionWriterOptions = {}) {
    super();
    this.#idField = parseIdentifier(options.idField ?? DEFAULT_ID_FIELD);
  }

  override idField(_table: TableName): FieldName | undefined {
    return this.#idField;
  }
}
