// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listLedgers } from "../api/control-plane";
import { setAccessKey } from "../api/server";
import { ServerError } from "../api/server-error";
import { Field } from "../parts/field";
import { Problem } from "../parts/problem";
import { useAction } from "../parts/use-action";

/** Asks for an access key of the server. The key stays in the memory of the page. */
export function SignIn({ onSigned }: { readonly onSigned: (keyId: string) => void }): JSX.Element {
  const [accessKeyId, setId] = useState("");
  const [secretAccessKey, setSecret] = useState("");
  const action = useAction();
  const signIn = (event: Event): void => {
    event.preventDefault();
    action.run(async () => {
      setAccessKey({ accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() });
      await requireKnownKey();
      onSigned(accessKeyId.trim());
    });
  };
  return (
    <form class="card narrow" onSubmit={signIn}>
      <h1>Sign in</h1>
      <p class="quiet">
        This server answers signed requests only. The page signs them with your access key. The key stays in
        the memory of this page: it is not sent and not stored.
      </p>
      <Field label="Access key ID" value={accessKeyId} onValue={setId} isCode />
      <Field label="Secret access key" value={secretAccessKey} onValue={setSecret} type="password" isCode />
      <button type="submit" class="main" disabled={action.isRunning}>
        Sign in
      </button>
      {action.error === undefined ? null : <Problem error={action.error} />}
    </form>
  );
}

/** A key that may not list ledgers is a known key all the same. */
async function requireKnownKey(): Promise<void> {
  try {
    await listLedgers();
  } catch (error) {
    if (error instanceof ServerError && error.name === "AccessDeniedException") return;
    setAccessKey(undefined);
    throw error;
  }
}
