// SPDX-License-Identifier: MIT
import { type Digest, formatDigest } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { describeLedger, readDigest } from "../api/control-plane";
import { ServerError } from "../api/server-error";
import { listTables, type TableLine } from "../api/tables";
import { formatCount, formatTime } from "../parts/dates";
import { Facts } from "../parts/facts";
import { Grid } from "../parts/grid";
import { HashText } from "../parts/hash-text";
import { Loading } from "../parts/loading";
import { linkTo } from "../parts/route";
import { saveFile } from "../parts/save-file";
import { useLoad } from "../parts/use-load";

/** What a ledger is, its tables, and its digest. */
export function LedgerView({ ledger }: { readonly ledger: string }): JSX.Element {
  const tables = useLoad(`tables ${ledger}`, () => listTables(ledger));
  const described = useLoad(`describe ${ledger}`, () => describeLedger(ledger));
  const digest = useLoad(`digest ${ledger}`, () => findDigest(ledger));
  return (
    <>
      <section>
        <h1>Tables</h1>
        <Loading of={tables}>{(lines) => <TableList ledger={ledger} lines={lines} />}</Loading>
      </section>
      <div class="columns">
        <section class="card">
          <h2>Ledger</h2>
          <Loading of={described}>
            {(one) => (
              <Facts
                facts={[
                  ["Name", one.name],
                  ["State", <span class={`state ${one.state.toLowerCase()}`}>{one.state}</span>],
                  ["Created", <span class="time">{formatTime(one.createdAt)}</span>],
                  ["Permissions mode", one.permissionsMode],
                  ["Deletion protection", one.hasDeletionProtection ? "on" : "off"],
                  ["ARN", <code class="hash">{one.arn}</code>],
                ]}
              />
            )}
          </Loading>
        </section>
        <section class="card">
          <h2>Digest</h2>
          <Loading of={digest}>{(found) => <DigestFacts ledger={ledger} digest={found.digest} />}</Loading>
        </section>
      </div>
    </>
  );
}

/** A ledger without a block has no digest. */
async function findDigest(ledger: string): Promise<{ readonly digest: Digest | undefined }> {
  try {
    return { digest: await readDigest(ledger) };
  } catch (error) {
    if (error instanceof ServerError && error.name === "ResourcePreconditionNotMetException") {
      return { digest: undefined };
    }
    throw error;
  }
}

function TableList({
  ledger,
  lines,
}: {
  readonly ledger: string;
  readonly lines: readonly TableLine[];
}): JSX.Element {
  if (lines.length === 0) {
    return (
      <p class="empty">
        No table yet. <code>CREATE TABLE Vehicle</code> in the{" "}
        <a href={linkTo("ledgers", ledger, "query")}>PartiQL editor</a> makes one.
      </p>
    );
  }
  return (
    <Grid caption="Tables" columns={["Name", "Indexes", "Status", "Table ID"]}>
      {lines.map(({ name, tableId, status, indexes }) => (
        <tr key={tableId}>
          <td>
            {status === "ACTIVE" ? <a href={linkTo("ledgers", ledger, "tables", name)}>{name}</a> : name}
          </td>
          <td>
            <code>{indexes.join(" ")}</code>
          </td>
          <td>
            <span class={`state ${status.toLowerCase()}`}>{status}</span>
          </td>
          <td>
            <code>{tableId}</code>
          </td>
        </tr>
      ))}
    </Grid>
  );
}

function DigestFacts({
  ledger,
  digest,
}: {
  readonly ledger: string;
  readonly digest: Digest | undefined;
}): JSX.Element {
  if (digest === undefined) return <p class="empty">The journal has no block yet, so there is no digest.</p>;
  const { hash, tipAddress } = digest;
  return (
    <>
      <Facts
        facts={[
          ["Digest", <HashText hash={hash} />],
          ["Covers", `blocks 0 to ${formatCount(tipAddress.sequenceNo)}`],
          ["Strand", <code>{tipAddress.strandId}</code>],
        ]}
      />
      <p class="quiet">
        Keep this digest outside of the server. Later it proves that none of these blocks was changed.
      </p>
      <button
        type="button"
        onClick={() => {
          const name = `${ledger}-digest-${tipAddress.sequenceNo}.json`;
          saveFile(name, new Blob([formatDigest(digest)], { type: "application/json" }));
        }}
      >
        Save digest
      </button>
    </>
  );
}
