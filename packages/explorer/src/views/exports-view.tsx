// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { describeLedger, download } from "../api/control-plane";
import { type ExportRequest, type JournalExport, listExports, startExport } from "../api/journal-exports";
import { formatTime } from "../parts/dates";
import { Field } from "../parts/field";
import { Grid } from "../parts/grid";
import { Loading } from "../parts/loading";
import { Problem } from "../parts/problem";
import { saveFile } from "../parts/save-file";
import { useAction } from "../parts/use-action";
import { useLoad } from "../parts/use-load";

/** Copies of a ledger: its file, its journal, and exports into a bucket. */
export function ExportsView({
  ledger,
  canWrite,
}: {
  readonly ledger: string;
  readonly canWrite: boolean;
}): JSX.Element {
  const exports = useLoad(`exports ${ledger}`, () => listExports(ledger));
  return (
    <section>
      <h1>Export and backup</h1>
      <div class="columns">
        <Download
          ledger={ledger}
          what="backup"
          file={`${ledger}.ledger`}
          title="Backup"
          text="A copy of the ledger's file as it is now. A server that keeps ledgers in a folder can serve the copy."
        />
        <Download
          ledger={ledger}
          what="journal"
          file={`${ledger}-journal.10n`}
          title="Journal"
          text="All blocks as Ion binary, one after the other."
        />
      </div>
      <h2>Exports into a bucket</h2>
      {canWrite ? (
        <StartExport ledger={ledger} onStarted={exports.reload} />
      ) : (
        <p class="quiet">
          This page is read-only. <code>ledger serve --explorer write</code> lets it start exports.
        </p>
      )}
      <Loading of={exports}>{(lines) => <ExportList lines={lines} />}</Loading>
    </section>
  );
}

function Download({
  ledger,
  what,
  file,
  title,
  text,
}: {
  readonly ledger: string;
  readonly what: "backup" | "journal";
  readonly file: string;
  readonly title: string;
  readonly text: string;
}): JSX.Element {
  const action = useAction();
  return (
    <section class="card">
      <h2>{title}</h2>
      <p class="quiet">{text}</p>
      <button
        type="button"
        disabled={action.isRunning}
        onClick={() => {
          action.run(async () => {
            saveFile(file, await download(ledger, what));
          });
        }}
      >
        {action.isRunning ? "Downloading…" : `Download ${file}`}
      </button>
      {action.error === undefined ? null : <Problem error={action.error} />}
    </section>
  );
}

function StartExport({
  ledger,
  onStarted,
}: {
  readonly ledger: string;
  readonly onStarted: () => void;
}): JSX.Element {
  const [bucket, setBucket] = useState("");
  const [prefix, setPrefix] = useState(`${ledger}/`);
  const [format, setFormat] = useState<ExportRequest["format"]>("ION_TEXT");
  const action = useAction();
  const start = (event: Event): void => {
    event.preventDefault();
    action.run(async () => {
      const { createdAt } = await describeLedger(ledger);
      await startExport(ledger, { bucket: bucket.trim(), prefix: prefix.trim(), format, createdAt });
      onStarted();
    });
  };
  return (
    <form class="card line" onSubmit={start}>
      <Field label="Bucket" value={bucket} onValue={setBucket} isCode />
      <Field label="Prefix" value={prefix} onValue={setPrefix} isCode />
      <label class="field">
        <span>Format</span>
        <select
          value={format}
          onChange={(event) => {
            setFormat(event.currentTarget.value === "ION_BINARY" ? "ION_BINARY" : "ION_TEXT");
          }}
        >
          <option value="ION_TEXT">Ion text</option>
          <option value="ION_BINARY">Ion binary</option>
        </select>
      </label>
      <button type="submit" class="main" disabled={action.isRunning || bucket.trim() === ""}>
        Export the journal
      </button>
      {action.error === undefined ? null : <Problem error={action.error} />}
    </form>
  );
}

function ExportList({ lines }: { readonly lines: readonly JournalExport[] }): JSX.Element {
  if (lines.length === 0) return <p class="empty">No export yet.</p>;
  return (
    <Grid caption="Exports" columns={["Export ID", "Status", "Created", "Place", "Format"]}>
      {lines.map(({ exportId, status, createdAt, place, format }) => (
        <tr key={exportId}>
          <td>
            <code>{exportId}</code>
          </td>
          <td>
            <span class={`state ${status.toLowerCase()}`}>{status}</span>
          </td>
          <td class="time">{formatTime(createdAt)}</td>
          <td>
            <code>{place}</code>
          </td>
          <td>{format}</td>
        </tr>
      ))}
    </Grid>
  );
}
