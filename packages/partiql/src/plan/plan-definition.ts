// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { CreateIndexNode, CreateTableNode, DropTableNode } from "../syntax/ast";
import { PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import { readTable } from "../run/open-source";
import type { Plan } from "./plan";
import { makeStruct } from "../value/struct";

/** https://docs.aws.amazon.com/qldb/latest/developerguide/limits.html#limits.naming */
const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** The system's own names start so. */
const SYSTEM_PREFIX = "_ql_";

const FIELD_NAME_LENGTH_MAX = 128;

/** Plans CREATE TABLE, DROP TABLE and CREATE INDEX; each returns one row `{tableId}`. */
export function planDefinition(
  node: CreateTableNode | DropTableNode | CreateIndexNode,
  source: string,
): Plan {
  const change = definitionOf(node, source);
  return {
    steps: [],
    async *run(frame) {
      yield makeStruct([["tableId", new dom.String(await change(frame))]]);
    },
  };
}

function definitionOf(
  node: CreateTableNode | DropTableNode | CreateIndexNode,
  source: string,
): (frame: Frame) => Promise<string> {
  switch (node.kind) {
    case "create-table": {
      const { name, at } = node;
      if (!TABLE_NAME.test(name) || name.startsWith(SYSTEM_PREFIX)) {
        throw new PartiqlSemanticError(
          `Expected a table name of 1 to 128 letters, digits and underscores that starts with no digit and not with ${SYSTEM_PREFIX}, found another.`,
          source,
          at,
        );
      }
      return (frame) => frame.catalog.createTable(name);
    }
    case "drop-table":
      return async (frame) => frame.catalog.dropTable(await readTable(node.table, frame));
    case "create-index": {
      const { field, table, at } = node;
      if (field.length === 0 || field.length > FIELD_NAME_LENGTH_MAX) {
        throw new PartiqlSemanticError(
          `Expected a field name of 1 to ${String(FIELD_NAME_LENGTH_MAX)} characters to index, found ${String(field.length)}.`,
          source,
          at,
        );
      }
      return async (frame) => frame.catalog.createIndex(await readTable(table, frame), field);
    }
  }
}
