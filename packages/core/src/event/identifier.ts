// SPDX-License-Identifier: MIT
import { InvalidIdentifierError } from "../errors";

declare const identifierBrand: unique symbol;

/**
 * The name of a table or field that has been checked and may be put into a PartiQL statement.
 *
 * Only {@link parseIdentifier} makes one, and only {@link quoteIdentifier} turns it into PartiQL: values are
 * parameters, names cannot be.
 */
export type Identifier = string & { readonly [identifierBrand]: true };

/** A checked table name. */
export type TableName = Identifier;

/** A checked name of a top-level field. */
export type FieldName = Identifier;

/** QLDB's quota for table names and for fields in an index, in characters. */
export const IDENTIFIER_LENGTH_MAX = 128;

// QLDB's rule for table names: a letter or underscore, then letters, digits and underscores. Nothing that could
// end a quoted identifier or start a statement gets through.
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

// `_ql_committed_T` and its like are QLDB's own views: writing to them is an error there, reading them as a table
// would be one here.
const RESERVED_PREFIX = "_ql_";

/** Tells whether {@link parseIdentifier} would accept the text. */
export function isIdentifier(text: string): text is Identifier {
  return text.length <= IDENTIFIER_LENGTH_MAX && IDENTIFIER.test(text) && !text.startsWith(RESERVED_PREFIX);
}

/**
 * Checks the name of a table or field.
 *
 * @throws InvalidIdentifierError unless it has 1 to 128 letters, digits and underscores, does not begin with a
 * digit and does not begin with `_ql_`, which QLDB keeps for itself.
 */
export function parseIdentifier(text: string): Identifier {
  if (!isIdentifier(text)) throw new InvalidIdentifierError(text);
  return text;
}

/** The identifier as PartiQL: in double quotes, so that reserved words are names too and case counts. */
export function quoteIdentifier(identifier: Identifier): string {
  // Checked again although the type says so: a cast anywhere else must not become an injection here.
  return `"${parseIdentifier(identifier)}"`;
}
