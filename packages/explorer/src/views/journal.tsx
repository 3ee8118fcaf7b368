// SPDX-License-Identifier: MIT
import { type Block, decodeTransactionInfo } from "@ledger-loader/journal";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readBlock, readDigest } from "../api/control-plane";
import { formatCount, formatIonTime } from "../parts/dates";
import { Field } from "../parts/field";
import { Grid } from "../parts/grid";
import { Loading } from "../parts/loading";
import { NumberHead } from "../parts/number-head";
import { Pager } from "../parts/pager";
import { linkTo } from "../parts/route";
import { shortHash } from "../parts/short-hash";
import { useLoad } from "../parts/use-load";

const PAGE_SIZE = 25;

/** Blocks of a journal, the newest first. */
interface JournalPage {
  readonly tipNo: number;
  readonly blocks: readonly Block[];
}

/** The blocks of a ledger, the newest first. */
export function Journal({
  ledger,
  newest,
}: {
  readonly ledger: string;
  /** The first block of the page. `undefined`: the newest of the journal. */
  readonly newest: number | undefined;
}): JSX.Element {
  const page = useLoad(`journal ${ledger} ${newest ?? ""}`, () => readPage(ledger, newest));
  return (
    <section>
      <h1>Journal</h1>
      <Loading of={page}>
        {({ tipNo, blocks }) => (
          <>
            <div class="bar">
              <GoToBlock ledger={ledger} />
              <JournalPager ledger={ledger} tipNo={tipNo} newest={newest ?? tipNo} />
            </div>
            <BlockGrid ledger={ledger} blocks={blocks} />
          </>
        )}
      </Loading>
    </section>
  );
}

async function readPage(ledger: string, newest: number | undefined): Promise<JournalPage> {
  const { strandId, sequenceNo: tipNo } = (await readDigest(ledger)).tipAddress;
  const first = Math.min(newest ?? tipNo, tipNo);
  const numbers = Array.from({ length: Math.min(PAGE_SIZE, first + 1) }, (_, at) => first - at);
  const blocks = await Promise.all(numbers.map((sequenceNo) => readBlock(ledger, { strandId, sequenceNo })));
  return { tipNo, blocks };
}

function JournalPager({
  ledger,
  tipNo,
  newest,
}: {
  readonly ledger: string;
  readonly tipNo: number;
  readonly newest: number;
}): JSX.Element {
  const oldest = Math.max(0, newest - PAGE_SIZE + 1);
  return (
    <Pager
      page={Math.ceil((tipNo - newest) / PAGE_SIZE)}
      pages={Math.ceil((tipNo - newest) / PAGE_SIZE) + Math.ceil((newest + 1) / PAGE_SIZE)}
      label={`Blocks ${formatCount(newest)}–${formatCount(oldest)} of ${formatCount(tipNo + 1)}`}
      onPage={(to) => {
        location.hash = linkTo("ledgers", ledger, "journal", Math.max(0, tipNo - to * PAGE_SIZE));
      }}
    />
  );
}

function BlockGrid({
  ledger,
  blocks,
}: {
  readonly ledger: string;
  readonly blocks: readonly Block[];
}): JSX.Element {
  return (
    <Grid
      caption="Blocks"
      columns={[
        "Block",
        "Time",
        "Transaction",
        <NumberHead>Revisions</NumberHead>,
        "Statements",
        "Block hash",
      ]}
    >
      {blocks.map((block) => {
        const { sequenceNo } = block.blockAddress;
        return (
          <tr key={sequenceNo}>
            <td>
              <a href={linkTo("ledgers", ledger, "journal", "block", sequenceNo)}>
                {formatCount(sequenceNo)}
              </a>
            </td>
            <td class="time">{formatIonTime(block.blockTimestamp)}</td>
            <td>
              <code>{block.transactionId}</code>
            </td>
            <td class="number">{block.revisions?.length ?? 0}</td>
            <td class="statement">
              <code>{statementsOf(block)}</code>
            </td>
            <td>
              <code>{shortHash(block.blockHash)}</code>
            </td>
          </tr>
        );
      })}
    </Grid>
  );
}

function statementsOf({ transactionInfo }: Block): string {
  if (transactionInfo === undefined) return "";
  const [first, ...more] = decodeTransactionInfo(transactionInfo).statements;
  if (first === undefined) return "";
  return more.length === 0 ? first.statement : `${first.statement} (and ${more.length} more)`;
}

function GoToBlock({ ledger }: { readonly ledger: string }): JSX.Element {
  const [text, setText] = useState("");
  const go = (event: Event): void => {
    event.preventDefault();
    location.hash = linkTo("ledgers", ledger, "journal", "block", text.trim());
  };
  return (
    <form class="find" onSubmit={go}>
      <Field label="Open a block by its number" value={text} onValue={setText} isCode />
      <button type="submit" disabled={!/^\d+$/.test(text.trim())}>
        Open
      </button>
    </form>
  );
}
