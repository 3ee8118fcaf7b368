// SPDX-License-Identifier: MIT
import { type JournalExport, frameValues, openManifests } from "@ledger-loader/export";
import { readFrame, toIonBinary } from "@ledger-loader/ion";
import { type Digest, decodeBlock, parseDigest } from "@ledger-loader/journal";
import type { LedgerFinding, LedgerStore, LedgerStoreOptions } from "@ledger-loader/ledger";
import { ServerRefusedError, ServerUnreachableError, UsageError } from "../cli-errors";
import { networkFailure } from "../network-failure";
import type { OptionSpec } from "../options/command-spec";
import { CONNECTION_OPTIONS, connectionFrom, type Connection, type ConnectionOptions } from "./connection";
import { withControlPlane } from "./control-plane";
import { placeFrom, requireLedgerFolder } from "./ledger-place";
import { signedHeaders } from "./signed-headers";
import type { Terminal } from "../output/terminal";

/** Where a ledger's journal is read: from a server, from a data folder that no server has open, or from a database. */
export interface JournalOptions extends ConnectionOptions {
  readonly data?: string;
  readonly postgres?: string;
}

/** Declares {@link JournalOptions}. */
export const JOURNAL_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--data <folder>",
    description: "the data folder of a stopped server, in place of an endpoint",
  },
  {
    flags: "--postgres <url>",
    description: "the PostgreSQL database of servers, which may run, in place of an endpoint",
  },
  ...CONNECTION_OPTIONS,
];

/** A ledger's journal as it stood when it was opened. */
export interface LedgerJournal {
  readonly ledgerName: string;
  /** Of the whole journal, as the ledger itself says. */
  readonly digest: Digest;
  /** The journal from block 0 to the digest's tip, in the shape of an export, so that it can be verified as one. */
  readonly asExport: JournalExport;
  /** The blocks from 0 to the digest's tip, each as self-contained Ion binary. */
  blocks(): AsyncIterable<Uint8Array>;
  /** Finds what is stored beside the journal and does not follow from it; only where the files are at hand. */
  readonly verifyStore?: () => Promise<readonly LedgerFinding[]>;
}

/** How the data folder or database is opened, where the command line names one. */
export type StoreOptions = Pick<LedgerStoreOptions, "readOnly" | "evenIfShortened">;

/** Opens a ledger's journal, runs `work` with it and closes it. */
export async function withJournal<T>(
  terminal: Terminal,
  ledgerName: string,
  options: JournalOptions,
  work: (journal: LedgerJournal) => Promise<T>,
  storeOptions: Pick<StoreOptions, "evenIfShortened"> = {},
): Promise<T> {
  if (!namesStore(options)) return work(await openServed(terminal, ledgerName, options));
  const workWithStore = async (store: LedgerStore): Promise<T> => {
    const ledger = await store.open(ledgerName);
    const digest = await ledger.digest();
    const last = digest.tipAddress.sequenceNo;
    const journal = toJournal(ledgerName, digest, store.place, async function* () {
      for await (const { ion } of ledger.blocks({ last })) yield ion;
    });
    return work({ ...journal, verifyStore: async () => (await ledger.verify()).findings });
  };
  return withStore(options, workWithStore, storeOptions);
}

/** True where the command line names the store itself, and not a server. */
export function namesStore({ data, postgres }: JournalOptions): boolean {
  return data !== undefined || postgres !== undefined;
}

/**
 * Opens the data folder or database that the command line names, runs `work` with its ledgers and closes it. The ledgers are
 * only read unless `storeOptions` differ.
 */
export async function withStore<T>(
  { endpoint, ...place }: JournalOptions,
  work: (store: LedgerStore) => Promise<T>,
  storeOptions: StoreOptions = {},
): Promise<T> {
  if (endpoint !== undefined) {
    throw new UsageError(
      "expected --endpoint, or --data or --postgres, found both: name the server, or where its ledgers are",
    );
  }
  const opened = placeFrom(place);
  if (opened.dataFolder !== undefined) await requireLedgerFolder(opened.dataFolder);
  const { LedgerStore: Store } = await import("@ledger-loader/ledger");
  const store = await Store.open({ ...opened, readOnly: true, ...storeOptions });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function openServed(
  terminal: Terminal,
  ledgerName: string,
  options: JournalOptions,
): Promise<LedgerJournal> {
  const connection = connectionFrom(options, terminal.env);
  const digest = await readServedDigest(connection, ledgerName);
  const url = new URL(`/ledgers/${encodeURIComponent(ledgerName)}/journal`, connection.endpoint);
  url.searchParams.set("last", String(digest.tipAddress.sequenceNo));
  return toJournal(ledgerName, digest, connection.endpoint, () =>
    fetchBytes(connection, url, "a whole journal"),
  );
}

/** The digest of a ledger of a server. */
export async function readServedDigest(connection: Connection, ledgerName: string): Promise<Digest> {
  const answer = await withControlPlane(connection, (plane) => plane.digest(ledgerName));
  return parseDigest(
    JSON.stringify({
      Digest: Buffer.from(answer.Digest ?? []).toString("base64"),
      DigestTipAddress: { IonText: answer.DigestTipAddress?.IonText ?? "" },
    }),
  );
}

/**
 * Fetches data that only a server of this program hands out, as it comes.
 *
 * @throws ServerRefusedError if the server has no such thing, ServerUnreachableError if it ends before the answer does.
 */
export async function* fetchBytes(
  connection: Connection,
  url: URL,
  what: string,
): AsyncGenerator<Uint8Array> {
  const response = await explained(url, fetch(url, { headers: await signedHeaders(connection, url) }));
  await requireAllowed(response, url, what);
  if (!response.ok || response.body === null) {
    throw new ServerRefusedError(
      `expected ${what} from ${url.origin}, found status ${response.status}: only a server of this program hands that out`,
    );
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await explained(url, reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function requireAllowed(response: Response, url: URL, what: string): Promise<void> {
  if (response.status !== 403) return;
  const { __type: name = "AccessDeniedException", Message: message = "" } = (await response
    .json()
    .catch(() => ({}))) as Readonly<Record<string, string>>;
  throw new ServerRefusedError(`the server at ${url.origin} refused ${what} (${name}): ${message}`);
}

async function explained<T>(url: URL, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const failure = networkFailure(cause);
    throw failure === undefined ? cause : new ServerUnreachableError(url.origin, failure, { cause });
  }
}

function toJournal(
  ledgerName: string,
  digest: Digest,
  location: string,
  read: () => AsyncIterable<Uint8Array>,
): LedgerJournal {
  const { strandId, sequenceNo } = digest.tipAddress;
  const asExport = openManifests([
    {
      manifest: {
        location,
        keys: [`${strandId}.0-${sequenceNo}.ion`],
        strandId,
        started: { ledgerName, exportId: undefined, prefix: undefined, outputFormat: undefined },
      },
      storage: { locate: () => Promise.resolve({ found: true, location, size: 0, read }) },
    },
  ]);
  return { ledgerName, digest, asExport, blocks: () => blocksOf(read()) };
}

async function* blocksOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const frame of frameValues(chunks)) yield toIonBinary(readFrame(frame));
}

/** A block's time. */
export function blockTime(ion: Uint8Array): Date {
  return new Date(decodeBlock(ion).blockTimestamp);
}
