// SPDX-License-Identifier: MIT
import { invalidParameter } from "./aws-error";

/** Page size where the client asks for none, and its upper bound (AWS SDK model). */
const pageSizeMax = 100;

/** A list that is handed out in pages. */
export interface PagedList<T> {
  /** Tells its tokens from those of other lists. */
  readonly name: string;
  readonly items: readonly T[];
  /** Where an item stands: text whose order is the order of the items, and that no two items share. */
  position(item: T): string;
  /** True if the first position comes after the second. */
  isAfter(position: string, other: string): boolean;
}

/** One page, and the token of the next one if there is one. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly NextToken?: string;
}

/**
 * Cuts the page that a request's `max_results` and `next_token` ask for.
 *
 * A token says where the page before ended, and not how many items came before: right also when items come and go between
 * two pages. Throws `InvalidParameterException` for a token that this list did not give out.
 */
export function pageOf<T>(list: PagedList<T>, query: URLSearchParams): ListPage<T> {
  const size = readPageSize(query);
  const token = query.get("next_token");
  const after = token === null ? undefined : readToken(list.name, token);
  const rest = list.items.filter((item) => after === undefined || list.isAfter(list.position(item), after));
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return rest.length > items.length && last !== undefined
    ? { items, NextToken: writeToken(list.name, list.position(last)) }
    : { items };
}

function readPageSize(query: URLSearchParams): number {
  const wanted = query.get("max_results");
  const size = wanted === null ? pageSizeMax : Number(wanted);
  if (Number.isInteger(size) && size >= 1 && size <= pageSizeMax) return size;
  throw invalidParameter("MaxResults", `Expected a number from 1 to ${pageSizeMax}.`);
}

/** Base64, because AWS's model allows a token no other characters. */
function writeToken(list: string, position: string): string {
  return Buffer.from(`${list}\n${position}`).toString("base64");
}

function readToken(list: string, token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  const position = text.slice(list.length + 1);
  // Written again, because Node.js skips what is not base64.
  if (position !== "" && writeToken(list, position) === token) return position;
  throw invalidParameter(
    "NextToken",
    "Expected the NextToken of this list's page before, found another text: ask for the first page without one.",
  );
}
