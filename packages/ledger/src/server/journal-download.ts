// SPDX-License-Identifier: MIT
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LedgerNotFoundError } from "../errors";
import type { LedgerStore } from "../ledger-store";
import { AwsError, badRequest } from "./aws-error";

/** A request for a ledger's blocks. */
export interface JournalRequest {
  readonly ledgerName: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `GET /ledgers/NAME/journal?first=N&last=M` (both ends included, all blocks by default), or returns `undefined`
 * for another request.
 *
 * An addition of our own to QLDB's control plane, which hands out blocks one by one or into a bucket: verifying and
 * exporting a ledger read its whole journal.
 */
export function readJournalRequest(
  method: string | undefined,
  path: readonly string[],
  query: URLSearchParams,
): JournalRequest | undefined {
  const [root, ledgerName, action, ...rest] = path;
  if (method !== "GET" || root !== "ledgers" || action !== "journal" || rest.length > 0) return undefined;
  return {
    ledgerName: ledgerName ?? "",
    first: readNumber(query, "first") ?? 0,
    last: readNumber(query, "last") ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Answers with the blocks as Ion binary, one after the other, as fast as the client takes them. */
export async function streamJournal(
  store: LedgerStore,
  { ledgerName, first, last }: JournalRequest,
  response: ServerResponse,
): Promise<void> {
  const ledger = await openLedger(store, ledgerName);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const { ion } of ledger.blocks({ first, last })) yield ion;
  }
  response.writeHead(200, { "content-type": "application/octet-stream" });
  // What fails from here on cuts the answer short, so that the client sees that it is incomplete.
  await pipeline(Readable.from(chunks(), { objectMode: false }), response);
}

async function openLedger(store: LedgerStore, name: string): ReturnType<LedgerStore["open"]> {
  try {
    return await store.open(name);
  } catch (error) {
    if (!(error instanceof LedgerNotFoundError)) throw error;
    const members = { ResourceType: "Ledger", ResourceName: name };
    throw new AwsError("ResourceNotFoundException", 404, error.message, members);
  }
}

function readNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (number === undefined) throw badRequest(`Expected ${name} to be a block's number, found another value.`);
  return number;
}
