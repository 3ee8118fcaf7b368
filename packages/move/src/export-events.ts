// SPDX-License-Identifier: MIT
import {
  type DecodedEvent,
  InvalidEventError,
  createEvent,
  operationOfRevision,
  rejected,
} from "@ledger-loader/core";
import { decodeIon } from "@ledger-loader/ion";
import { dom } from "ion-js";
import type { BlockRevision } from "./block-revisions";

/**
 * The event that loads a revision of an export: the record is the document, by its id in the export, and versions are
 * those of the export.
 *
 * A redacted revision keeps its place and its hash; only what has neither data nor hash is a deletion.
 */
export function toEvent(revision: BlockRevision): DecodedEvent {
  const { table, id, version, data, dataHash } = revision;
  if (table === undefined) {
    const detail = `Expected the block to name the table of document ${id}, found none: the export is incomplete there.`;
    return { rejected: rejected("unknown-table", detail) };
  }
  try {
    const content = data === undefined ? { dataHash } : { data: decodeDocument(data) };
    return { event: createEvent({ op: operationOfRevision(revision), table, id, version, ...content }) };
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return { rejected: rejected(error.reason, error.message) };
  }
}

function decodeDocument(data: NonNullable<BlockRevision["data"]>): dom.Struct {
  const value = decodeIon(data);
  if (value instanceof dom.Struct) return value;
  throw new InvalidEventError("data", "a struct", value.getType().name);
}
