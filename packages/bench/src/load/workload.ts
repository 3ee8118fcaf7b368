// SPDX-License-Identifier: MIT
import { createEvent, encodeEvent } from "@ledger-loader/core";
import { readProductHistory } from "../product-history";
import { vehicle } from "../vehicle";
import type { Message } from "./way-of-loading";

/** The events that are loaded, and the state of the ledger before. */
export interface Workload {
  readonly name: string;
  readonly table: string;
  /** Loaded before the clock starts. */
  readonly before: readonly Message[];
  /** Loaded while it runs: the first ones, as many as are asked for. */
  readonly messages: readonly Message[];
}

/** New documents of about 770 bytes. */
export function inserts(count: number): Workload {
  const messages = Array.from({ length: count }, (_, i) => {
    const id = `vehicle-${i}`;
    return toMessage({ op: "INSERT", table: "Vehicle", id, version: 0, data: vehicle(i) });
  });
  return { name: "inserts", table: "Vehicle", before: [], messages };
}

/** The real history from where nearly all of its records are there: what follows are updates. */
export function realHistory(before: number): Workload {
  const messages = readProductHistory().flat().map(toMessage);
  return {
    name: "real history",
    table: "Product",
    before: messages.slice(0, before),
    messages: messages.slice(before),
  };
}

function toMessage(fields: Parameters<typeof createEvent>[0] & { readonly id: string }): Message {
  return { record: fields.id, body: encodeEvent(createEvent(fields)) };
}
