// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { positionAt } from "./syntax/position";
import type { Position } from "./syntax/position";

/**
 * The base of every error about a PartiQL statement.
 *
 * Messages name tokens, table and field names and Ion types, never a document's values.
 */
export abstract class PartiqlError extends LedgerLoaderError {
  /** Where in the statement, if one place is to blame. */
  readonly position: Position | undefined;

  /** @param offset the place in `source`; its line and column are added to the message. */
  constructor(message: string, source?: string, offset?: number) {
    const position = source === undefined || offset === undefined ? undefined : positionAt(source, offset);
    super(
      position === undefined
        ? message
        : `${message} (line ${String(position.line)}, column ${String(position.column)})`,
    );
    this.position = position;
  }
}

/** The text is not a PartiQL statement. */
export class PartiqlSyntaxError extends PartiqlError {
  readonly code = "PARTIQL_SYNTAX";
}

/** The text is PartiQL that this ledger does not support; the message says whether QLDB did. */
export class PartiqlUnsupportedError extends PartiqlError {
  readonly code = "PARTIQL_UNSUPPORTED";
}

/** The statement parses and yet cannot mean anything: an unknown name, an aggregate in WHERE… */
export class PartiqlSemanticError extends PartiqlError {
  readonly code = "PARTIQL_SEMANTIC";
}

/** The statement names a table that is not there. */
export class UnknownTableError extends PartiqlError {
  readonly code = "PARTIQL_UNKNOWN_TABLE";
}

/** The statement met a value that it cannot work with: a document that is not a struct, a division by zero… */
export class PartiqlEvaluationError extends PartiqlError {
  readonly code = "PARTIQL_EVALUATION";
}

/** The number of parameters given is not the number of `?` in the statement. */
export class ParameterCountError extends PartiqlError {
  readonly code = "PARTIQL_PARAMETER_COUNT";
}
