// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { InsertNode } from "../syntax/ast";
import { compileRows, nestedQueriesOf } from "./compile-subquery";
import { elementsOf, isStruct } from "../value/datum";
import type { Datum } from "../value/datum";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import { settled } from "../run/nested-query";
import { readTable, readTables } from "../run/open-source";
import type { Plan } from "./plan";
import { Scope } from "./scope";
import { makeStruct } from "../value/struct";

/** Plans INSERT INTO; it returns one row `{documentId}` per document. */
export function planInsert(node: InsertNode, source: string): Plan {
  const { table, single, at } = node;
  if (table.text.startsWith("_ql_committed_")) {
    throw new PartiqlSemanticError(
      "Expected a table to insert into, found a committed view, which cannot be changed.",
      source,
      table.at,
    );
  }
  const scope = new Scope(source, 0);
  const value = compileRows(node.documents, { scope });
  const queries = nestedQueriesOf(scope);
  return {
    steps: [],
    queries,
    async *run(frame) {
      await readTables([], queries, frame);
      const documents = documentsOf(await settled(frame, () => value(frame)), single);
      if (documents === undefined) {
        throw new PartiqlEvaluationError(
          "Expected a struct, or a list of structs, to insert, found another value: a document must be a struct.",
          source,
          at,
        );
      }
      const ids = await (await readTable(table, frame)).insert(documents);
      for (const id of ids) yield documentIdRow(id);
    },
  };
}

/** The row that DML returns for each document. */
export function documentIdRow(documentId: string): dom.Value {
  return makeStruct([["documentId", new dom.String(documentId)]]);
}

/** The very values of the parameters, not copies: an implementation of the catalog may know their bytes. */
function documentsOf(datum: Datum, single: boolean): readonly dom.Value[] | undefined {
  if (isStruct(datum)) return [datum];
  const elements = single ? undefined : elementsOf(datum);
  return elements?.every(isStruct) === true ? elements : undefined;
}
