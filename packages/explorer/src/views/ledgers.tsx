// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { createLedger, type LedgerLine, listLedgers } from "../api/control-plane";
import { formatTime } from "../parts/dates";
import { Field } from "../parts/field";
import { Grid } from "../parts/grid";
import { Loading } from "../parts/loading";
import { Problem } from "../parts/problem";
import { linkTo } from "../parts/route";
import { useAction } from "../parts/use-action";
import { useLoad } from "../parts/use-load";

/** The list of ledgers. */
export function Ledgers({ canWrite }: { readonly canWrite: boolean }): JSX.Element {
  const ledgers = useLoad("ledgers", listLedgers);
  return (
    <section>
      <h1>Ledgers</h1>
      <Loading of={ledgers}>{(lines) => <LedgerTable lines={lines} />}</Loading>
      {ledgers.error === undefined ? null : <OpenLedger />}
      {canWrite ? <CreateLedger onCreated={ledgers.reload} /> : null}
    </section>
  );
}

function LedgerTable({ lines }: { readonly lines: readonly LedgerLine[] }): JSX.Element {
  if (lines.length === 0) {
    return (
      <p class="empty">
        No ledger yet. Create one: <code>ledger-loader ledger create NAME</code>
      </p>
    );
  }
  return (
    <Grid caption="Ledgers" columns={["Name", "State", "Created"]}>
      {lines.map(({ name, state, createdAt }) => (
        <tr key={name}>
          <td>
            <a href={linkTo("ledgers", name)}>{name}</a>
          </td>
          <td>
            <span class={`state ${state.toLowerCase()}`}>{state}</span>
          </td>
          <td class="time">{formatTime(createdAt)}</td>
        </tr>
      ))}
    </Grid>
  );
}

function CreateLedger({ onCreated }: { readonly onCreated: () => void }): JSX.Element {
  const [name, setName] = useState("");
  const action = useAction();
  const create = (event: Event): void => {
    event.preventDefault();
    action.run(async () => {
      await createLedger(name.trim());
      setName("");
      onCreated();
    });
  };
  return (
    <form class="card line" onSubmit={create}>
      <Field label="New ledger" value={name} onValue={setName} placeholder="vehicle-registration" isCode />
      <button type="submit" class="main" disabled={action.isRunning || name.trim() === ""}>
        Create ledger
      </button>
      {action.error === undefined ? null : <Problem error={action.error} />}
    </form>
  );
}

/** For an access key that may not list ledgers. */
function OpenLedger(): JSX.Element {
  const [name, setName] = useState("");
  const open = (event: Event): void => {
    event.preventDefault();
    location.hash = linkTo("ledgers", name.trim());
  };
  return (
    <form class="card line" onSubmit={open}>
      <Field label="Open a ledger by its name" value={name} onValue={setName} isCode />
      <button type="submit" disabled={name.trim() === ""}>
        Open
      </button>
    </form>
  );
}
