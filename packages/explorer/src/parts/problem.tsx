// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { ServerError } from "../api/server-error";

/** An error, with the name that the server gives it. */
export function Problem({ error }: { readonly error: unknown }): JSX.Element {
  return (
    <div class="problem" role="alert">
      {error instanceof ServerError ? <strong>{error.name}</strong> : null}
      <p>{error instanceof Error ? error.message : String(error)}</p>
    </div>
  );
}
