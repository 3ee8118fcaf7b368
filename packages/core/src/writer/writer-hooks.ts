// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { WriterContractError } from "../errors";
import type { RevisionEvent } from "../event/event";
import type { FieldName, TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";
import { rejected, type Rejected } from "../event/outcome";
import type { CommittedRevision } from "./snapshot";
import type { DocumentChange } from "./document-change";

/** Why a hook refuses an event. */
export interface Refusal {
  /** Expected, found, and what to do next. It is logged: MUST NOT hold content of the document. */
  readonly detail: string;
  /** True if the same event can be accepted later. Default: `false`. */
  readonly retryable?: boolean;
}

/** A RevisionWriter's hooks, seen from the code that holds the guarantee. */
export interface WriterHooks {
  idField(table: TableName): FieldName | undefined;
  preValidate(event: RevisionEvent): Refusal | undefined;
  validate(event: RevisionEvent, current: CommittedRevision | undefined): Refusal | undefined;
  adjustRevision(data: dom.Struct, event: RevisionEvent, current: CommittedRevision | undefined): dom.Struct;
  /** True if `adjustRevision` is overridden, so that it may depend on the revision before. */
  readonly adjusts: boolean;
  /** True if any hook looks at the current document's data, which is not read otherwise. */
  readonly looksAtCurrent: boolean;
  /** Present if overridden. */
  readonly readCurrentRevision?: (
    transaction: Transaction,
    event: RevisionEvent,
  ) => Promise<CommittedRevision | undefined>;
  /** Present if overridden. */
  readonly writeDocument?: (transaction: Transaction, change: DocumentChange) => Promise<void>;
}

/** True if the writer does something of its own with the ledger, so that only one event is safe at a time. */
export function worksEventByEvent(hooks: WriterHooks): boolean {
  return hooks.readCurrentRevision !== undefined || hooks.writeDocument !== undefined;
}

/**
 * Calls a hook that may have been written by somebody else.
 *
 * @throws WriterContractError naming hook, error and line, but not the error's message, which may hold content.
 */
export function callHook<T>(name: string, hook: () => T): T {
  try {
    return hook();
  } catch (error) {
    if (isFrozenWrite(error)) {
      throw new WriterContractError(
        "leave the event as it is, which is frozen, and return a new document",
        `tried to change it in ${name}${placeOf(error)}`,
        error,
      );
    }
    throw new WriterContractError(
      "return from its hooks",
      `threw ${nameOf(error)} in ${name}${placeOf(error)}`,
      error,
    );
  }
}

/**
 * Takes what `adjustRevision` has returned for a document.
 *
 * @throws WriterContractError if it is no struct that could be stored.
 */
export function checkDocument(returned: unknown): dom.Struct {
  if (returned instanceof dom.Struct) return returned;
  throw new WriterContractError("return a struct from adjustRevision", `returned ${kindOf(returned)}`);
}

/** A hook's refusal as an outcome. */
export function toRejected(refusal: Refusal | undefined): Rejected | undefined {
  return refusal && rejected("refused-by-writer", refusal.detail, refusal.retryable ?? false);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** True for V8's error of strict code that writes to something frozen. It holds the name of a field, never content. */
function isFrozenWrite(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /^Cannot (assign to read only|add|delete|redefine) property |object is not extensible$/.test(
      error.message,
    )
  );
}

/** Where the writer's own code threw: file and line from the stack, without the message, which may hold content. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return "";
  const head = `${error.name}: ${error.message}`;
  const frames = error.stack.startsWith(head) ? error.stack.slice(head.length).split("\n") : [];
  const own = frames.find((frame) => frame !== "" && !/[\\/]node_modules[\\/]|\(node:/.test(frame)) ?? "";
  const [, place] = /([^\s()\\/]+:\d+):\d+\)?$/.exec(own) ?? [];
  return place === undefined ? "" : ` (${place})`;
}

function kindOf(returned: unknown): string {
  if (returned === undefined) return "nothing";
  if (returned instanceof Promise) return "a promise: this hook is not asynchronous";
  const { getType } = (returned ?? {}) as { readonly getType?: () => { readonly name?: string } | undefined };
  if (returned instanceof dom.Value || typeof getType !== "function") return "something else";
  return "a value of another copy of ion-js: import dom from @ledger-loader/core";
}
