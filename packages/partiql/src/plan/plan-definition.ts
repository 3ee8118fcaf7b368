// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { LiteralExpression } from "../syntax/ast";
import type { CreateIndexNode, CreateTableNode, DefinitionNode } from "../syntax/statement-node";
import { PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import { readTable } from "../run/open-source";
import type { Plan } from "./plan";
import { isStruct, textOf } from "../value/datum";
import { fieldsOf, makeStruct } from "../value/struct";

/** https://docs.aws.amazon.com/qldb/latest/developerguide/limits.html#limits.naming */
const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** The system's own names start so. */
const SYSTEM_PREFIX = "_ql_";

const FIELD_NAME_LENGTH_MAX = 128;

/** Plans CREATE, DROP and UNDROP; each returns one row `{tableId}`. */
export function planDefinition(node: DefinitionNode, source: string): Plan {
  const change = definitionOf(node, source);
  return {
    steps: [],
    queries: [],
    decodedParameters: new Set(),
    async *run(frame) {
      yield makeStruct([["tableId", new dom.String(await change(frame))]]);
    },
  };
}

type Definition = (frame: Frame) => Promise<string>;

function definitionOf(node: DefinitionNode, source: string): Definition {
  switch (node.kind) {
    case "create-table":
      return createTable(node, source);
    case "drop-table":
      return async (frame) => frame.catalog.dropTable(await readTable(node.table, frame));
    case "undrop-table":
      return async (frame) => frame.catalog.undropTable(await readTable(node.table, frame));
    case "create-index":
      return createIndex(node, source);
    case "drop-index":
      return async (frame) => frame.catalog.dropIndex(await readTable(node.table, frame), node.indexId);
  }
}

function createTable({ name, tags, at }: CreateTableNode, source: string): Definition {
  if (!TABLE_NAME.test(name) || name.startsWith(SYSTEM_PREFIX)) {
    throw new PartiqlSemanticError(
      `Expected a table name of 1 to 128 letters, digits and underscores that starts with no digit and not with ${SYSTEM_PREFIX}, found another.`,
      source,
      at,
    );
  }
  const pairs = tags === undefined ? {} : tagsOf(tags, source);
  return (frame) => frame.catalog.createTable(name, pairs);
}

function tagsOf({ value, at }: LiteralExpression, source: string): Readonly<Record<string, string>> {
  const pairs = isStruct(value) ? fieldsOf(value).map(([key, tag]) => [key, textOf(tag)] as const) : [];
  if (!isStruct(value) || pairs.some(([, tag]) => tag === undefined)) {
    throw new PartiqlSemanticError("Expected a struct of strings as tags, found another value.", source, at);
  }
  return Object.fromEntries(pairs.map(([key, tag]) => [key, tag ?? ""]));
}

function createIndex({ field, table, unique, at }: CreateIndexNode, source: string): Definition {
  if (field.length === 0 || field.length > FIELD_NAME_LENGTH_MAX) {
    throw new PartiqlSemanticError(
      `Expected a field name of 1 to ${String(FIELD_NAME_LENGTH_MAX)} characters to index, found ${String(field.length)}.`,
      source,
      at,
    );
  }
  return async (frame) => frame.catalog.createIndex(await readTable(table, frame), field, { unique });
}
