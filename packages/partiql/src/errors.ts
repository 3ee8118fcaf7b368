// SPDX-License-Identifier: MIT
import { LedgerLoaderError, printable } from "@ledger-loader/errors";
import { positionAt } from "./syntax/position";
import type { Position } from "./syntax/position";

/** Longer texts are names and tokens of a statement, of which nobody reads so much. */
const SHOWN_MAX = 600;
const END_LENGTH = 200;

/** The message as a terminal can show it. Of a long one the middle is left out: what to do stands at the end. */
function shown(message: string): string {
  if (message.length <= SHOWN_MAX) return printable(message);
  const beginning = message.slice(0, SHOWN_MAX - END_LENGTH);
  return printable(`${beginning}…${message.slice(-END_LENGTH)}`);
}

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
    const place =
      position === undefined ? "" : ` (line ${String(position.line)}, column ${String(position.column)})`;
    super(shown(message) + place);
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
