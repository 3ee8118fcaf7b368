// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { InsertNode } from "../syntax/ast";
import { compileNode } from "./compile-node";
import { compileRows, nestedQueriesOf } from "./compile-subquery";
import type { Frame } from "../run/frame";
import { elementsOfNode, isListNode, isStructNode, type Undecoded } from "../value/node";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import { settled } from "../run/nested-query";
import { readTable, readTables } from "../run/open-source";
import type { Plan } from "./plan";
import { Scope } from "./scope";
import { makeStruct } from "../value/struct";

/** Plans INSERT INTO; it returns one row `{documentId}` per document. */
export function planInsert(node: InsertNode, source: string): Plan {
  const { table, at } = node;
  if (table.text.startsWith("_ql_committed_")) {
    throw new PartiqlSemanticError(
      "Expected a table to insert into, found a committed view, which cannot be changed.",
      source,
      table.at,
    );
  }
  const scope = new Scope(source, 0);
  const documentsOf = compileDocuments(node, scope);
  const queries = nestedQueriesOf(scope);
  return {
    steps: [],
    queries,
    decodedParameters: scope.decodedParameters,
    async *run(frame) {
      await readTables([], queries, frame);
      const documents = await settled(frame, () => documentsOf(frame));
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

/** The structs to insert, as they are at hand; `undefined` where something is no struct. */
type Documents = (frame: Frame) => readonly Undecoded[] | undefined;

function compileDocuments({ documents, single }: InsertNode, scope: Scope): Documents {
  if (documents.kind === "collection" && !single) {
    const elements = documents.elements.map((element) => compileNode(element, { scope }));
    return (frame) => structsIn(elements.map((element) => element(frame)));
  }
  const value =
    documents.kind === "subquery" ? compileRows(documents, { scope }) : compileNode(documents, { scope });
  return (frame) => {
    const node = value(frame);
    const isList = node !== undefined && isListNode(node) && !single;
    // A part of a node that is no draft is none either.
    return structsIn(isList ? (elementsOfNode(node) as readonly Undecoded[]) : [node]);
  };
}

function structsIn(nodes: readonly (Undecoded | undefined)[]): readonly Undecoded[] | undefined {
  const structs = nodes.filter((node): node is Undecoded => node !== undefined && isStructNode(node));
  return structs.length === nodes.length ? structs : undefined;
}
