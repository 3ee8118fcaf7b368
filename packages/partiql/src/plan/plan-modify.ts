// SPDX-License-Identifier: MIT
import type { IonNode } from "@ledger-loader/ion";
import { applyChanges } from "../run/apply-changes";
import type { DocumentChange } from "../run/apply-changes";
import type { ModifyNode } from "../syntax/ast";
import type { CatalogTable } from "../catalog";
import { compileChange } from "./compile-change";
import type { CompiledChange } from "./compile-change";
import { PartiqlSemanticError } from "../errors";
import type { Frame } from "../run/frame";
import { readTables, tableOf } from "../run/open-source";
import type { Plan } from "./plan";
import { planFrom } from "./plan-from";
import type { FromStep, TableSource } from "../run/from-step";
import { documentIdRow } from "./plan-insert";
import { settled } from "../run/nested-query";
import { rows } from "../run/rows";
import { nestedQueriesOf } from "./compile-subquery";
import { Scope } from "./scope";
import type { Tracked } from "./scope";

/**
 * Plans UPDATE, DELETE and FROM … changes. They return `{documentId}` once per assignment and document, and once per
 * deleted document: as often as `transactionInfo` lists the statement with the document.
 */
export function planModify(node: ModifyNode, source: string): Plan {
  const scope = new Scope(source, node.from.length);
  const steps = planFrom(node.from, node.where, scope);
  const table = changedTable(node, steps, source);
  const changes = scope.track(() => node.changes.map((change) => compileChange(change, scope)));
  const queries = nestedQueriesOf(scope);
  return {
    steps,
    queries,
    decodedParameters: scope.decodedParameters,
    async *run(frame) {
      await readTables(steps, queries, frame);
      const targets = await findTargets(steps, table.slot, changes, frame);
      const catalogTable = await tableOf(table.source, frame);
      // All new documents are made before the first is written: a change that does not fit changes nothing.
      const results = targets.map(toResult);
      for (const result of results) await writeResult(result, catalogTable);
      for (const { documentId, modifications } of results) {
        for (let row = 0; row < modifications; row += 1) yield documentIdRow(documentId);
      }
    },
  };
}

/** The subject of a change: its one table, and the place of the table in FROM. */
interface ChangedTable {
  readonly source: TableSource;
  readonly slot: number;
}

/**
 * The one table of FROM, which is no committed view. Lists may come after it, those in its documents above all, and before it:
 * `FROM ? AS p, T AS t BY id WHERE id = p.id SET t = p.data` changes many documents, each in its own way.
 */
function changedTable(node: ModifyNode, steps: readonly FromStep[], source: string): ChangedTable {
  const slot = steps.findIndex((step) => step.source.kind !== "values");
  const found = steps[slot]?.source;
  if (found?.kind !== "table" || found.committed) {
    throw new PartiqlSemanticError(
      "Expected a table to change, found something that cannot be changed.",
      source,
      node.from[Math.max(slot, 0)]?.at,
    );
  }
  if (steps.some(({ join }) => join !== "inner")) {
    throw new PartiqlSemanticError(
      "Expected no LEFT, RIGHT or FULL JOIN in a change, found one: without a match there is no document to change.",
      source,
      node.at,
    );
  }
  if (steps.some((step, place) => place !== slot && step.source.kind !== "values")) {
    throw new PartiqlSemanticError(
      "Expected one table, and lists, found a second table: a statement changes one table.",
      source,
      node.at,
    );
  }
  return { source: found, slot };
}

interface Target {
  readonly documentId: string;
  /** The document as it was found. */
  readonly content: () => IonNode | undefined;
  readonly changes: DocumentChange[];
}

/** Finds everything that is to be changed before anything is: a changed document must not be found again. */
async function findTargets(
  steps: readonly FromStep[],
  slot: number,
  { result: changes, isQuick }: Tracked<readonly CompiledChange[]>,
  frame: Frame,
): Promise<readonly Target[]> {
  const targets = new Map<string, Target>();
  for await (const _ of rows(steps, frame, 0)) {
    const item = frame.item(slot);
    const documentId = item.documentId ?? "";
    let target = targets.get(documentId);
    if (target === undefined) {
      target = { documentId, content: () => item.content(), changes: [] };
      targets.set(documentId, target);
    }
    const made = () => changes.map((change) => change(frame));
    target.changes.push(...(isQuick ? made() : await settled(frame, made)));
  }
  return [...targets.values()];
}

interface Result {
  readonly documentId: string;
  readonly data: IonNode | "deleted";
  /** How many changes the journal counts: a document is deleted once, however many rows led to it. */
  readonly modifications: number;
}

function toResult({ documentId, content, changes }: Target): Result {
  const result = applyChanges(content, changes);
  return { documentId, data: result, modifications: result === "deleted" ? 1 : changes.length };
}

async function writeResult({ documentId, data, modifications }: Result, table: CatalogTable): Promise<void> {
  if (data === "deleted") await table.delete(documentId);
  else await table.replace(documentId, data, { modifications });
}
