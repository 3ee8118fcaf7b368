// SPDX-License-Identifier: MIT

/**
 * The specification of `judge`, executed by its tests and by `describeRevisionWriter`, printed in
 * `docs/concepts/strict-mode.md`. `ANY` is one with content, `ANY-` one without (a deletion), `*` every operation.
 *
 * Order of the event: `v…` by its version against the last one applied (`v-first` is version 0, `v-held` one that was
 * applied before, `v-early` one from before a recorded start), `p…` by its position, `-` by neither.
 * State: `start` stands for a record nothing is known of while starting mid-history is allowed.
 * Held: whether the ledger's revision (of that version, else the current one) equals the event's content.
 */
export const DECISION_TABLE = `
op                  order      state    held   │ strict                               lenient
INSERT ANY          v-first    none     -      │ apply create                         apply create
UPDATE DELETE ANY-  v-first    none     -      │ rejected missing-document            skipped missing-document
*                   v-gap      none     -      │ rejected version-gap, retryable      rejected version-gap, retryable
INSERT ANY          v-first    start    -      │ apply create                         apply create
UPDATE DELETE ANY-  v-first    start    -      │ rejected missing-document            skipped missing-document
INSERT UPDATE ANY   v-gap      start    -      │ apply create                         apply create
DELETE ANY-         v-gap      start    -      │ apply tombstone                      apply tombstone
INSERT              v-next     present  -      │ rejected document-exists             rejected document-exists
UPDATE ANY          v-next     present  -      │ apply replace                        apply replace
DELETE ANY-         v-next     present  -      │ apply delete                         apply delete
*                   v-gap      present  -      │ rejected version-gap, retryable      rejected version-gap, retryable
*                   v-held     present  equal  │ skipped already-applied              skipped already-applied
*                   v-held     present  other  │ rejected conflicting-revision        rejected conflicting-revision
*                   v-early    present  -      │ rejected before-start                rejected before-start
INSERT ANY          v-next     deleted  -      │ apply create                         apply create
UPDATE DELETE ANY-  v-next     deleted  -      │ rejected missing-document            skipped missing-document
*                   v-gap      deleted  -      │ rejected version-gap, retryable      rejected version-gap, retryable
*                   v-held     deleted  equal  │ skipped already-applied              skipped already-applied
*                   v-held     deleted  other  │ rejected conflicting-revision        rejected conflicting-revision
*                   v-early    deleted  -      │ rejected before-start                rejected before-start
INSERT ANY          p-any      none     -      │ apply create                         apply create
UPDATE              p-any      none     -      │ rejected missing-document, retryable skipped missing-document
DELETE ANY-         p-any      none     -      │ apply tombstone                      apply tombstone
INSERT UPDATE ANY   p-any      start    -      │ apply create                         apply create
DELETE ANY-         p-any      start    -      │ apply tombstone                      apply tombstone
INSERT UPDATE ANY   p-later    present  -      │ apply replace                        apply replace
DELETE ANY-         p-later    present  -      │ apply delete                         apply delete
*                   p-same     present  equal  │ skipped already-applied              skipped already-applied
*                   p-same     present  other  │ rejected ambiguous-order             rejected ambiguous-order
*                   p-earlier  present  -      │ skipped superseded                   skipped superseded
INSERT ANY          p-later    deleted  -      │ apply create                         apply create
UPDATE              p-later    deleted  -      │ rejected missing-document, retryable skipped missing-document
DELETE ANY-         p-later    deleted  -      │ apply tombstone                      apply tombstone
*                   p-same     deleted  equal  │ skipped already-applied              skipped already-applied
*                   p-same     deleted  other  │ rejected ambiguous-order             rejected ambiguous-order
*                   p-earlier  deleted  -      │ skipped superseded                   skipped superseded
INSERT ANY          -          none     -      │ apply create                         apply create
UPDATE DELETE ANY-  -          none     -      │ rejected missing-document, retryable skipped missing-document
*                   -          present  equal  │ skipped already-applied              skipped already-applied
INSERT              -          present  other  │ rejected document-exists             rejected document-exists
UPDATE ANY          -          present  other  │ apply replace                        apply replace
DELETE ANY-         -          present  other  │ apply delete                         apply delete
DELETE ANY-         -          deleted  equal  │ skipped already-applied              skipped already-applied
INSERT ANY          -          deleted  other  │ apply create                         apply create
UPDATE              -          deleted  other  │ rejected missing-document, retryable skipped missing-document
`;

/** One row of the table for one operation. */
export interface Decision {
  readonly op: "INSERT" | "UPDATE" | "DELETE" | "ANY" | "ANY-";
  readonly order: string;
  readonly state: "none" | "start" | "present" | "deleted";
  readonly held: "-" | "equal" | "other";
  readonly strict: string;
  readonly lenient: string;
}

const OPS: readonly Decision["op"][] = ["INSERT", "UPDATE", "DELETE", "ANY", "ANY-"];
const ROW = /^(.{20})(\S+) +(\S+) +(\S+) +│ (.{36}) (.+)$/;

/** The decision table, one element per row and operation. */
export function parseDecisionTable(table: string = DECISION_TABLE): readonly Decision[] {
  const [, ...rows] = table.trim().split("\n");
  return rows.flatMap((row) => {
    const [, ops = "", order = "", state = "", held = "", strict = "", lenient = ""] = ROW.exec(row) ?? [];
    const named = ops.trim().split(" ");
    return OPS.filter((op) => named.includes(op) || named.includes("*")).map((op) => ({
      op,
      order,
      state: state as Decision["state"],
      held: held as Decision["held"],
      strict: strict.trim(),
      lenient: lenient.trim(),
    }));
  });
}
