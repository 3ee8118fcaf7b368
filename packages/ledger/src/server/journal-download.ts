// SPDX-License-Identifier: MIT
import type { EmbeddedLedger } from "../embedded-ledger";
import { badRequest } from "./aws-error";
import { ByteAnswer } from "./route";

/**
 * Answers `GET /ledgers/NAME/journal?first=N&last=M` (both ends included, all blocks by default) with the blocks as Ion
 * binary, one after the other.
 *
 * An addition of our own to QLDB's control plane, which hands out blocks one by one or into a bucket: verifying and
 * exporting a ledger read its whole journal.
 */
export function readJournal(ledger: EmbeddedLedger, query: URLSearchParams): ByteAnswer {
  const first = readNumber(query, "first") ?? 0;
  const last = readNumber(query, "last") ?? Number.MAX_SAFE_INTEGER;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const { ion } of ledger.blocks({ first, last })) yield ion;
  }
  return new ByteAnswer(chunks());
}

function readNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (number === undefined) throw badRequest(`Expected ${name} to be a block's number, found another value.`);
  return number;
}
