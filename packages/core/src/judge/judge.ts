// SPDX-License-Identifier: MIT
import { isDeletion, type Position, type RevisionEvent } from "../event/event";
import type { RejectReason, SkipReason } from "../event/outcome";
import type { RecordState } from "./record-state";

/** How strictly events and ledger must fit together. */
export interface JudgeMode {
  /** `lenient`: updates and deletions of what is not there are skipped. For repair; the guarantee does not cover it. */
  readonly strictness: "strict" | "lenient";
  /**
   * True if a record of which the ledger knows nothing may start at any version, which is then recorded; with positions,
   * whether it may start with an UPDATE.
   */
  readonly startMidHistory: boolean;
}

/**
 * The change that an event makes.
 *
 * - `create`: a new document, also for a record that was deleted before.
 * - `replace`: a new revision of the current document.
 * - `delete`: the current document ends.
 * - `tombstone`: there is no document: only the deletion is recorded, so that nothing older brings the record back.
 */
export type Change = "create" | "replace" | "delete" | "tombstone";

/** The decision of `judge`. */
export type Verdict =
  | { readonly verdict: "apply"; readonly change: Change }
  | { readonly verdict: "skip"; readonly reason: SkipReason }
  | { readonly verdict: "reject"; readonly reason: RejectReason; readonly retryable: boolean };

/**
 * Decides about one event: a pure function, and no hook.
 *
 * {@link DECISION_TABLE} is its specification and is executed against it.
 */
export function judge(event: RevisionEvent, state: RecordState, mode: JudgeMode): Verdict {
  if (event.version !== undefined) return judgeVersion(event, event.version, state, mode);
  if (event.position !== undefined) return judgePosition(event, event.position, state, mode);
  return judgeContent(event, state, mode);
}

function judgeVersion(event: RevisionEvent, version: number, state: RecordState, mode: JudgeMode): Verdict {
  if (state.status === "unknown") {
    if (version === 0) return absent(event, mode, false);
    if (!mode.startMidHistory) return reject("version-gap", true);
    return apply(isDeletion(event) ? "tombstone" : "create");
  }
  if (version > state.version + 1) return reject("version-gap", true);
  if (version < state.start) return reject("before-start", false);
  if (version <= state.version) {
    return state.held === "equal" ? skip("already-applied") : reject("conflicting-revision", false);
  }
  if (state.status === "deleted") return absent(event, mode, false);
  // The history is gapless, so no deletion can be missing between the current revision and this INSERT.
  if (event.op === "INSERT") return reject("document-exists", false);
  return apply(isDeletion(event) ? "delete" : "replace");
}

function judgePosition(
  event: RevisionEvent,
  position: Position,
  state: RecordState,
  mode: JudgeMode,
): Verdict {
  if (state.status === "unknown") return firstOfPositions(event, mode);
  const order = state.position === undefined ? 1 : comparePositions(position, state.position);
  if (order < 0) return skip("superseded");
  if (order === 0) {
    return state.held === "equal" ? skip("already-applied") : reject("ambiguous-order", false);
  }
  if (state.status === "deleted") return isDeletion(event) ? apply("tombstone") : absent(event, mode, true);
  // Positions have gaps: the DELETE before this INSERT may still be on its way, so an INSERT replaces too.
  return apply(isDeletion(event) ? "delete" : "replace");
}

/** An event with a position, of a record of which nothing is known. */
function firstOfPositions(event: RevisionEvent, mode: JudgeMode): Verdict {
  // What comes before it may still be on its way and must not live after it. Nothing is lost: the source has no record.
  if (isDeletion(event)) return apply("tombstone");
  return mode.startMidHistory ? apply("create") : absent(event, mode, true);
}

function judgeContent(event: RevisionEvent, state: RecordState, mode: JudgeMode): Verdict {
  if (state.status === "unknown") return absent(event, mode, true);
  if (state.held === "equal") return skip("already-applied");
  if (state.status === "deleted") return absent(event, mode, true);
  if (event.op === "INSERT") return reject("document-exists", false);
  return apply(isDeletion(event) ? "delete" : "replace");
}

/** The record is not there, and the event is next in order. */
function absent(event: RevisionEvent, mode: JudgeMode, earlierMayCome: boolean): Verdict {
  if (event.op !== "UPDATE" && !isDeletion(event)) return apply("create");
  return mode.strictness === "lenient"
    ? skip("missing-document")
    : reject("missing-document", earlierMayCome);
}

/** Compares element by element; of two lists of which one begins with the other, the longer is later. */
export function comparePositions(a: Position, b: Position): number {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined || part > other) return 1;
    if (part < other) return -1;
  }
  return a.length - b.length;
}

function apply(change: Change): Verdict {
  return { verdict: "apply", change };
}

function skip(reason: SkipReason): Verdict {
  return { verdict: "skip", reason };
}

function reject(reason: RejectReason, retryable: boolean): Verdict {
  return { verdict: "reject", reason, retryable };
}
