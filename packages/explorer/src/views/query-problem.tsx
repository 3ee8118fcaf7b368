// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { placeOf } from "../api/server-error";
import { Problem } from "../parts/problem";

/** An error of a statement, with its place where the server tells that. */
export function QueryProblem({
  error,
  statement,
  editor,
}: {
  readonly error: unknown;
  readonly statement: string;
  readonly editor: { readonly current: HTMLTextAreaElement | null };
}): JSX.Element {
  const place = error instanceof Error ? placeOf(error.message) : undefined;
  const text = place === undefined ? undefined : statement.split("\n")[place.line - 1];
  if (place === undefined || text === undefined) return <Problem error={error} />;
  return (
    <>
      <Problem error={error} />
      <figure class="place">
        <pre aria-label={`Line ${place.line} of the statement`}>
          {`${place.line} │ ${text}\n${" ".repeat(String(place.line).length)} │ ${" ".repeat(place.column - 1)}^`}
        </pre>
        <button
          type="button"
          onClick={() => {
            goTo(editor.current, statement, place);
          }}
        >
          Go to the place
        </button>
      </figure>
    </>
  );
}

function goTo(
  editor: HTMLTextAreaElement | null,
  statement: string,
  { line, column }: { readonly line: number; readonly column: number },
): void {
  if (editor === null) return;
  const lines = statement.split("\n").slice(0, line - 1);
  const at = lines.reduce((sum, before) => sum + before.length + 1, 0) + column - 1;
  editor.focus();
  editor.setSelectionRange(at, at + 1);
}
