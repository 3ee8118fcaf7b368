// SPDX-License-Identifier: MIT
import type { Revision } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { compareDocuments, type FieldChange } from "../ion/compare-documents";

/** The fields that differ between two revisions of a document. */
export function Changes({
  before,
  after,
}: {
  readonly before: Revision | undefined;
  readonly after: Revision;
}): JSX.Element {
  if (after.dataHash !== undefined || before?.dataHash !== undefined) {
    return <p class="empty">A redacted revision cannot be compared.</p>;
  }
  const changes = compareDocuments(before?.data, after.data);
  if (changes.length === 0) return <p class="empty">No field differs.</p>;
  return (
    <ul class="changes">
      {changes.map((change) => (
        <li key={change.path}>
          <Change change={change} />
        </li>
      ))}
    </ul>
  );
}

function Change({ change: { path, before, after } }: { readonly change: FieldChange }): JSX.Element {
  return (
    <>
      <code class="field-path">{path === "" ? "the document" : path}</code>
      {before === undefined ? null : (
        <del>
          <span class="unseen">before: </span>
          <code>{before}</code>
        </del>
      )}
      {after === undefined ? null : (
        <ins>
          <span class="unseen">after: </span>
          <code>{after}</code>
        </ins>
      )}
    </>
  );
}
