// SPDX-License-Identifier: MIT
import { encodeEvent, type EventMapping } from "@ledger-loader/core";

/** The result of a mapping for a record: the events as Ion text, or why there is none. */
export function read(mapping: EventMapping, body: unknown, key?: string): readonly string[] {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const content = mapping.read(text, key === undefined ? undefined : { key: { utf8: key } });
  return content.events.map((decoded) =>
    decoded.event === undefined
      ? `${decoded.rejected.reason}: ${decoded.rejected.detail}`
      : encodeEvent(decoded.event),
  );
}
