// SPDX-License-Identifier: MIT
import {
  type Block,
  decodeTransactionInfo,
  type Revision,
  type TransactionInfo,
} from "@ledger-loader/journal";
import type { JSX } from "preact";
import { readBlock, readDigest } from "../api/control-plane";
import { tableOf } from "../ion/result-columns";
import { counted, formatIonTime } from "../parts/dates";
import { Facts } from "../parts/facts";
import { Grid } from "../parts/grid";
import { HashText } from "../parts/hash-text";
import { Loading } from "../parts/loading";
import { NumberHead } from "../parts/number-head";
import { linkTo } from "../parts/route";
import { useLoad } from "../parts/use-load";
import { Verify } from "../verify/verify";

/** One block with its transaction. */
export function BlockView({
  ledger,
  sequenceNo,
}: {
  readonly ledger: string;
  readonly sequenceNo: number;
}): JSX.Element {
  const block = useLoad(`block ${ledger} ${sequenceNo}`, async () => {
    const { strandId } = (await readDigest(ledger)).tipAddress;
    return readBlock(ledger, { strandId, sequenceNo });
  });
  return (
    <section>
      <p class="path">
        <a href={linkTo("ledgers", ledger, "journal")}>Journal</a>
      </p>
      <h1>Block {sequenceNo}</h1>
      <Loading of={block}>{(value) => <BlockDetails ledger={ledger} block={value} />}</Loading>
    </section>
  );
}

function BlockDetails({ ledger, block }: { readonly ledger: string; readonly block: Block }): JSX.Element {
  const { sequenceNo } = block.blockAddress;
  const info = block.transactionInfo === undefined ? undefined : decodeTransactionInfo(block.transactionInfo);
  return (
    <>
      <div class="columns">
        <section class="card">
          <h2>Block</h2>
          <Facts
            facts={[
              ["Time", <span class="time">{formatIonTime(block.blockTimestamp)}</span>],
              ["Transaction", <code>{block.transactionId}</code>],
              ["Strand", <code>{block.blockAddress.strandId}</code>],
              ["Block hash", <HashText hash={block.blockHash} />],
              ["Entries hash", <HashText hash={block.entriesHash} />],
              [previousLabel(sequenceNo), <PreviousHash ledger={ledger} block={block} />],
            ]}
          />
        </section>
        <section class="card">
          <h2>Statements</h2>
          <Statements info={info} />
        </section>
      </div>
      <Revisions ledger={ledger} block={block} info={info} />
      <Verify
        title={`Verify block ${sequenceNo}`}
        subject={{ ledger, address: block.blockAddress, documentId: undefined }}
      />
    </>
  );
}

function previousLabel(sequenceNo: number): string {
  return sequenceNo === 0 ? "Hash of the block before" : `Hash of block ${sequenceNo - 1}`;
}

function PreviousHash({ ledger, block }: { readonly ledger: string; readonly block: Block }): JSX.Element {
  const hash = <HashText hash={block.previousBlockHash} />;
  const { sequenceNo } = block.blockAddress;
  if (sequenceNo === 0) return hash;
  return <a href={linkTo("ledgers", ledger, "journal", "block", sequenceNo - 1)}>{hash}</a>;
}

function Statements({ info }: { readonly info: TransactionInfo | undefined }): JSX.Element {
  if (info === undefined || info.statements.length === 0)
    return <p class="empty">The block names no statement.</p>;
  return (
    <ol class="statements">
      {info.statements.map(({ statement }, at) => (
        <li key={at}>
          <pre>{statement}</pre>
        </li>
      ))}
    </ol>
  );
}

function Revisions({
  ledger,
  block,
  info,
}: {
  readonly ledger: string;
  readonly block: Block;
  readonly info: TransactionInfo | undefined;
}): JSX.Element {
  const revisions = block.revisions ?? [];
  if (revisions.length === 0) return <p class="empty">The block has no revision of a document.</p>;
  const { columns, rows } = tableOf(revisions.map(({ data }) => data));
  return (
    <>
      <h2>{counted(revisions.length, "revision")}</h2>
      <Grid
        caption="Revisions"
        columns={["Table", "Document ID", <NumberHead>Version</NumberHead>, ...columns]}
      >
        {revisions.map((revision, at) => (
          <tr key={at}>
            <DocumentCells ledger={ledger} revision={revision} info={info} />
            {rows[at]?.map((cell, column) => (
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </Grid>
    </>
  );
}

function DocumentCells({
  ledger,
  revision: { metadata },
  info,
}: {
  readonly ledger: string;
  readonly revision: Revision;
  readonly info: TransactionInfo | undefined;
}): JSX.Element {
  const id = metadata?.id ?? "";
  const table = info?.documents?.get(id)?.tableName;
  return (
    <>
      <td>{table === undefined ? null : <a href={linkTo("ledgers", ledger, "tables", table)}>{table}</a>}</td>
      <td>
        {table === undefined ? (
          <code>{id}</code>
        ) : (
          <a href={linkTo("ledgers", ledger, "tables", table, "documents", id)}>
            <code>{id}</code>
          </a>
        )}
      </td>
      <td class="number">{metadata?.version}</td>
    </>
  );
}
