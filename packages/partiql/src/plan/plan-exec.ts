// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import type { RedactionTarget } from "../catalog";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import { settled } from "../run/nested-query";
import type { ExecNode } from "../syntax/statement-node";
import { fieldOf, isAbsent, textOf } from "../value/datum";
import type { Datum } from "../value/datum";
import { makeStruct } from "../value/struct";
import { compileExpression } from "./compile-expression";
import { nestedQueriesOf } from "./compile-subquery";
import type { Plan } from "./plan";
import { Scope } from "./scope";

/**
 * Plans EXEC. The one procedure is QLDB's REDACT_REVISION, which returns one row
 * `{blockAddress, tableId, documentId, version}`.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-stored-procedures.redact_revision.html
 */
export function planExec({ procedure, operands, at }: ExecNode, source: string): Plan {
  if (procedure.toUpperCase() !== "REDACT_REVISION") {
    throw new PartiqlSemanticError(
      "Expected the stored procedure REDACT_REVISION, found another name: the ledger has no other procedure.",
      source,
      at,
    );
  }
  const scope = new Scope(source, 0);
  const compiled = operands.map((operand) => compileExpression(operand, { scope }));
  const [blockAddress, tableId, documentId, ...others] = compiled;
  if (blockAddress === undefined || tableId === undefined || documentId === undefined || others.length > 0) {
    throw new PartiqlSemanticError(
      `Expected a block address, a table id and a document id for REDACT_REVISION, found ${String(operands.length)} arguments.`,
      source,
      at,
    );
  }
  const text = (datum: Datum, what: string): string => textOf(datum) ?? refuse(what, source, at);
  const toTarget = (frame: Frame): RedactionTarget => ({
    blockAddress: addressOf(blockAddress(frame)) ?? refuse("a block address", source, at),
    tableId: text(tableId(frame), "the table's id"),
    documentId: text(documentId(frame), "the document's id"),
  });
  return {
    steps: [],
    queries: nestedQueriesOf(scope),
    decodedParameters: scope.decodedParameters,
    async *run(frame) {
      const target = await settled(frame, () => toTarget(frame));
      yield toRow(target, await frame.catalog.redactRevision(target));
    },
  };
}

function addressOf(datum: Datum): RedactionTarget["blockAddress"] | undefined {
  const strandId = textOf(fieldOf(datum, "strandId"));
  const number = fieldOf(datum, "sequenceNo");
  const sequenceNo =
    isAbsent(number) || number.getType() !== IonTypes.INT ? null : (number.numberValue() ?? null);
  return strandId === undefined || sequenceNo === null ? undefined : { strandId, sequenceNo };
}

function refuse(what: string, source: string, at: number): never {
  const message =
    `Expected ${what} for REDACT_REVISION, found another value: ` +
    "take blockAddress and metadata.id from history(), and the table's id from information_schema.user_tables.";
  throw new PartiqlEvaluationError(message, source, at);
}

function toRow({ blockAddress, tableId, documentId }: RedactionTarget, version: number): dom.Value {
  return makeStruct([
    [
      "blockAddress",
      makeStruct([
        ["strandId", new dom.String(blockAddress.strandId)],
        ["sequenceNo", new dom.Integer(blockAddress.sequenceNo)],
      ]),
    ],
    ["tableId", new dom.String(tableId)],
    ["documentId", new dom.String(documentId)],
    ["version", new dom.Integer(version)],
  ]);
}
