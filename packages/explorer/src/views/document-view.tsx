// SPDX-License-Identifier: MIT
import type { Revision } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readHistory } from "../api/tables";
import { IonView } from "../ion/ion-view";
import { formatIonTime } from "../parts/dates";
import { Facts } from "../parts/facts";
import { Grid } from "../parts/grid";
import { HashText } from "../parts/hash-text";
import { Loading } from "../parts/loading";
import { linkTo } from "../parts/route";
import { useLoad } from "../parts/use-load";
import { Verify } from "../verify/verify";
import { Changes } from "./changes";

/** A document with all its revisions. */
export function DocumentView({
  ledger,
  table,
  documentId,
  version,
}: {
  readonly ledger: string;
  readonly table: string;
  readonly documentId: string;
  /** The version that is shown first. `undefined`: the newest. */
  readonly version: number | undefined;
}): JSX.Element {
  const history = useLoad(`history ${ledger} ${table} ${documentId}`, () =>
    readHistory(ledger, table, documentId),
  );
  return (
    <section>
      <p class="path">
        <a href={linkTo("ledgers", ledger, "tables", table)}>{table}</a>
      </p>
      <h1>
        Document <code>{documentId}</code>
      </h1>
      <Loading of={history}>
        {(revisions) =>
          revisions.length === 0 ? (
            <p class="empty">The table {table} never had a document with this ID.</p>
          ) : (
            <History {...{ ledger, revisions, version }} />
          )
        }
      </Loading>
    </section>
  );
}

function History({
  ledger,
  revisions,
  version,
}: {
  readonly ledger: string;
  readonly revisions: readonly Revision[];
  readonly version: number | undefined;
}): JSX.Element {
  const first = revisions.findIndex(({ metadata }) => metadata?.version === version);
  const [at, setAt] = useState(Math.max(first, 0));
  const chosen = revisions[Math.min(at, revisions.length - 1)];
  return (
    <>
      <Grid caption="Revisions" columns={["Version", "Time", "Transaction", "Block", "Revision"]}>
        {revisions.map((revision, index) => (
          <RevisionRow
            key={index}
            {...{ ledger, revision }}
            isNewest={index === 0}
            isChosen={revision === chosen}
            onChoose={() => {
              setAt(index);
            }}
          />
        ))}
      </Grid>
      {chosen === undefined ? null : (
        <RevisionDetails
          ledger={ledger}
          revision={chosen}
          before={revisions[revisions.indexOf(chosen) + 1]}
        />
      )}
    </>
  );
}

function RevisionRow({
  ledger,
  revision,
  isNewest,
  isChosen,
  onChoose,
}: {
  readonly ledger: string;
  readonly revision: Revision;
  readonly isNewest: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): JSX.Element {
  const { metadata, blockAddress } = revision;
  const version = metadata?.version ?? 0;
  return (
    <tr class={isChosen ? "chosen" : ""}>
      <td>
        <button type="button" class="link" aria-pressed={isChosen} onClick={onChoose}>
          Version {version}
        </button>
      </td>
      <td class="time">{formatIonTime(metadata?.txTime ?? "")}</td>
      <td>
        <code>{metadata?.txId}</code>
      </td>
      <td>
        {blockAddress === undefined ? null : (
          <a href={linkTo("ledgers", ledger, "journal", "block", blockAddress.sequenceNo)}>
            {blockAddress.sequenceNo}
          </a>
        )}
      </td>
      <td>{kindOf(revision, isNewest)}</td>
    </tr>
  );
}

function kindOf({ data, dataHash }: Revision, isNewest: boolean): string {
  if (dataHash !== undefined) return "redacted";
  if (data === undefined) return "deleted";
  return isNewest ? "current" : "";
}

function RevisionDetails({
  ledger,
  revision,
  before,
}: {
  readonly ledger: string;
  readonly revision: Revision;
  readonly before: Revision | undefined;
}): JSX.Element {
  const { metadata, blockAddress, data, hash } = revision;
  const version = metadata?.version ?? 0;
  return (
    <>
      <div class="columns">
        <section class="card">
          <h2>Data of version {version}</h2>
          {data === undefined ? (
            <p class="empty">{NO_DATA[kindOf(revision, false)]}</p>
          ) : (
            <IonView value={data} />
          )}
          <Facts facts={[["Revision hash", <HashText hash={hash} />]]} />
        </section>
        <section class="card">
          <h2>
            {before === undefined
              ? "First revision"
              : `Changes from version ${before.metadata?.version ?? 0}`}
          </h2>
          <Changes before={before} after={revision} />
        </section>
      </div>
      {blockAddress === undefined || metadata === undefined ? null : (
        <Verify
          key={`${metadata.id} ${version}`}
          title={`Verify version ${version}`}
          subject={{ ledger, address: blockAddress, documentId: metadata.id }}
        />
      )}
    </>
  );
}

const NO_DATA: Readonly<Record<string, string>> = {
  redacted: "The data was redacted. Its hash is kept.",
  deleted: "The document was deleted with this revision.",
};
