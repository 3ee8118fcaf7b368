// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "../event/event";
import { REJECT_REASONS, type RejectReason } from "../event/outcome";
import type { RecordState } from "./record-state";

type Explanation = (event: RevisionEvent, state: RecordState) => string;

const EXPLANATIONS: Partial<Readonly<Record<RejectReason, Explanation>>> = {
  "version-gap": (event, state) =>
    `Expected version ${state.status === "unknown" ? 0 : state.version + 1} of the record next, found ` +
    `${versionOf(event)}; the ledger holds ${holdingOf(state)}. Deliver the versions between first; this one is ` +
    `applied when it is redelivered after them.`,
  "conflicting-revision": (event) =>
    `Expected version ${versionOf(event)} as the ledger holds it, found other content. Compare source and ledger: ` +
    `one of them was changed without the loader.`,
  "missing-document": (event, state) =>
    `Expected a document for ${event.op}, found ${holdingOf(state)}. Deliver the INSERT, or set STRICT_MODE=false ` +
    `to skip such events while repairing.`,
  "document-exists": (_, state) =>
    `Expected no document for INSERT, found ${holdingOf(state)}. Send UPDATE or ANY, or the missing DELETE first.`,
  "before-start": (event, state) =>
    `Expected versions from ${state.status === "unknown" ? 0 : state.start}, where the history was allowed to start, ` +
    `found ${versionOf(event)}. Load the record into a fresh ledger from its first version.`,
};

/** Says what was expected, what was found and what to do next, without any content of the document. */
export function explain(reason: RejectReason, event: RevisionEvent, state: RecordState): string {
  const explanation = EXPLANATIONS[reason];
  return explanation === undefined
    ? `${REJECT_REASONS[reason]} Correct source or ledger, then redeliver the event.`
    : explanation(event, state);
}

function versionOf(event: RevisionEvent): string {
  return event.version === undefined ? "none" : String(event.version);
}

function holdingOf(state: RecordState): string {
  return state.status === "unknown" ? "nothing" : `version ${state.version} (${state.status})`;
}
