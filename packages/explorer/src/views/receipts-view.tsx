// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { counted, formatTime } from "../parts/dates";
import { Field } from "../parts/field";
import { Grid } from "../parts/grid";
import { Loading } from "../parts/loading";
import { Problem } from "../parts/problem";
import { linkTo } from "../parts/route";
import { useAction } from "../parts/use-action";
import { useLoad } from "../parts/use-load";
import { checkReceipt, type ReceiptCheck } from "../receipts/check-receipt";
import { findReceipts, type FoundReceipts } from "../receipts/find-receipts";
import type { Receipt, ReceiptRevision } from "../receipts/receipt";

/** Finds the record of an event by the place of the event in its source. The receipts stay in the browser. */
export function ReceiptsView({ ledger }: { readonly ledger: string }): JSX.Element {
  const [found, setFound] = useState<FoundReceipts>();
  return (
    <section>
      <h1>Receipts</h1>
      <p class="quiet">
        <code>consume --receipts FILE</code> and <code>load --receipts FILE</code> keep a receipt of each
        event. Open such a file to find an event by its place in the source, such as <code>events-0@42</code>,
        or by the id of its record. The file stays in your browser.
      </p>
      <FindForm onFound={setFound} />
      <div aria-live="polite">{found === undefined ? null : <FoundList ledger={ledger} found={found} />}</div>
    </section>
  );
}

function FindForm({
  onFound,
}: {
  readonly onFound: (found: FoundReceipts | undefined) => void;
}): JSX.Element {
  const [file, setFile] = useState<File>();
  const [wanted, setWanted] = useState("");
  const [read, setRead] = useState(0);
  const action = useAction();
  const find = (event: Event): void => {
    event.preventDefault();
    if (file === undefined) return;
    onFound(undefined);
    action.run(async () => {
      onFound(await findReceipts(file, wanted.trim(), setRead));
    });
  };
  const percent = Math.floor((100 * read) / Math.max(file?.size ?? 0, 1));
  return (
    <form class="card line" onSubmit={find}>
      <label class="field">
        <span>Receipt file</span>
        <input
          type="file"
          onChange={(event) => {
            setFile(event.currentTarget.files?.[0]);
            onFound(undefined);
          }}
        />
      </label>
      <Field label="Place in the source, or id" value={wanted} onValue={setWanted} isCode />
      <button
        type="submit"
        class="main"
        disabled={action.isRunning || file === undefined || wanted.trim() === ""}
      >
        {action.isRunning ? `Searching… ${percent} %` : "Find"}
      </button>
      {action.error === undefined ? null : <Problem error={action.error} />}
    </form>
  );
}

function FoundList({
  ledger,
  found,
}: {
  readonly ledger: string;
  readonly found: FoundReceipts;
}): JSX.Element {
  const { receipts } = found;
  return (
    <>
      <p class="summary">{summaryOf(found)}</p>
      {receipts.length === 0 ? null : (
        <Grid caption="Receipts" columns={["Place in the source", "Event", "Outcome", "Revision", "Ledger"]}>
          {receipts.map((receipt, at) => (
            <ReceiptRow key={at} {...{ ledger, receipt }} />
          ))}
        </Grid>
      )}
    </>
  );
}

function summaryOf({ receipts, isExact, hasMore, lines, unreadable }: FoundReceipts): string {
  const bad = unreadable === 0 ? "" : ` ${counted(unreadable, "line")} could not be read as a receipt.`;
  if (lines === 0)
    return `The file has no receipt.${bad} Open a file that consume --receipts or load --receipts wrote.`;
  if (receipts.length === 0) return `Not found among ${counted(lines, "receipt")}.${bad}`;
  const count = hasMore
    ? `The first ${counted(receipts.length, "receipt")}`
    : counted(receipts.length, "receipt");
  return `${count} of ${counted(lines, "receipt")}${isExact ? "" : ", which contain the text"}.${bad}`;
}

function ReceiptRow({
  ledger,
  receipt,
}: {
  readonly ledger: string;
  readonly receipt: Receipt;
}): JSX.Element {
  const { source, event, outcome, reason, revision, unknown } = receipt;
  const time = new Date(receipt.at);
  return (
    <tr>
      <td>
        <code>{source}</code>
        <div class="quiet time">{Number.isNaN(time.getTime()) ? receipt.at : formatTime(time)}</div>
      </td>
      <td>
        {event === undefined ? (
          "none"
        ) : (
          <>
            {event.op} {event.table} <code>{event.id}</code>
            {event.version === undefined ? null : ` version ${event.version}`}
          </>
        )}
      </td>
      <td>
        {outcome} {reason}
      </td>
      <td>
        {revision === undefined || event === undefined ? (
          <span class="quiet">{unknown}</span>
        ) : (
          <RevisionLinks {...{ ledger, revision }} table={event.table} />
        )}
      </td>
      <td>{revision === undefined ? null : <Check {...{ ledger, revision }} />}</td>
    </tr>
  );
}

function RevisionLinks({
  ledger,
  table,
  revision,
}: {
  readonly ledger: string;
  readonly table: string;
  readonly revision: ReceiptRevision;
}): JSX.Element {
  const { documentId, version, sequenceNo } = revision;
  const document = linkTo("ledgers", ledger, "tables", table, "documents", documentId, version);
  return (
    <>
      <a href={document}>
        <code>{documentId}</code> version {version}
      </a>{" "}
      in <a href={linkTo("ledgers", ledger, "journal", "block", sequenceNo)}>block {sequenceNo}</a>
    </>
  );
}

function Check({
  ledger,
  revision,
}: {
  readonly ledger: string;
  readonly revision: ReceiptRevision;
}): JSX.Element {
  const { documentId, strandId, sequenceNo, hash } = revision;
  const check = useLoad(`receipt ${ledger} ${strandId} ${sequenceNo} ${documentId} ${hash}`, () =>
    checkReceipt(ledger, revision),
  );
  return (
    <Loading of={check}>
      {(result) => <span class={`badge ${CHECKS[result].kind}`}>{CHECKS[result].text}</span>}
    </Loading>
  );
}

const CHECKS: Readonly<Record<ReceiptCheck, { readonly text: string; readonly kind: "good" | "bad" }>> = {
  same: { text: "same hash", kind: "good" },
  different: { text: "another hash", kind: "bad" },
  missing: { text: "not in this ledger", kind: "bad" },
};
