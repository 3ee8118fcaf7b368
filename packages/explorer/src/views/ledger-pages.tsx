// SPDX-License-Identifier: MIT
import type { JSX } from "preact";
import { linkTo, type Route } from "../parts/route";
import { BlockView } from "./block-view";
import { DocumentView } from "./document-view";
import { Editor } from "./editor";
import { ExportsView } from "./exports-view";
import { Journal } from "./journal";
import { LedgerView } from "./ledger-view";
import { ReceiptsView } from "./receipts-view";
import { TableView } from "./table-view";

/** Everything about one ledger, with the tabs that lead there. */
export function LedgerPages({
  ledger,
  route,
  canWrite,
}: {
  readonly ledger: string;
  readonly route: Route;
  readonly canWrite: boolean;
}): JSX.Element {
  const [place = ""] = route;
  return (
    <>
      <nav class="tabs" aria-label={`Ledger ${ledger}`}>
        {TABS.map(([name, title]) => (
          <a
            key={name}
            href={name === "" ? linkTo("ledgers", ledger) : linkTo("ledgers", ledger, name)}
            {...(name === place || (name === "" && place === "tables") ? { "aria-current": "page" } : {})}
          >
            {title}
          </a>
        ))}
      </nav>
      <LedgerPage ledger={ledger} route={route} canWrite={canWrite} />
    </>
  );
}

const TABS = [
  ["", "Tables"],
  ["query", "PartiQL"],
  ["journal", "Journal"],
  ["receipts", "Receipts"],
  ["exports", "Export and backup"],
] as const;

function LedgerPage({
  ledger,
  route,
  canWrite,
}: {
  readonly ledger: string;
  readonly route: Route;
  readonly canWrite: boolean;
}): JSX.Element {
  const [place, first, second, third, fourth] = route;
  if (place === "tables" && first !== undefined) {
    if (second === "documents" && third !== undefined) {
      const version = fourth === undefined ? undefined : toNumber(fourth);
      return (
        <DocumentView
          key={`${third} ${fourth ?? ""}`}
          {...{ ledger, version }}
          table={first}
          documentId={third}
        />
      );
    }
    return <TableView key={first} ledger={ledger} table={first} page={toNumber(second)} />;
  }
  if (place === "query") return <Editor ledger={ledger} canWrite={canWrite} />;
  if (place === "receipts") return <ReceiptsView ledger={ledger} />;
  if (place === "exports") return <ExportsView ledger={ledger} canWrite={canWrite} />;
  if (place !== "journal") return <LedgerView ledger={ledger} />;
  if (first === "block") return <BlockView key={second} ledger={ledger} sequenceNo={toNumber(second)} />;
  return <Journal ledger={ledger} newest={first === undefined ? undefined : toNumber(first)} />;
}

function toNumber(text: string | undefined): number {
  const number = Number(text ?? "0");
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
