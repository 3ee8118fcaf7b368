// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_TABLE,
  type BodyReader,
  type DeliveryContent,
  InvalidEventError,
  decodeValues,
  eventFromRevision,
  mapContent,
  structField,
  textField,
} from "@ledger-loader/core";
import { dom } from "ion-js";

/** The content of records that need no loading: control records, block summaries, revisions of QLDB's own. */
const NOTHING: DeliveryContent = { events: [], atomic: false };

/**
 * Decodes a record of a QLDB journal stream (QLDB developer guide, "QLDB stream records in Kinesis").
 *
 * `REVISION_DETAILS` is one event: the record is the document, by its id, with the version it had. A revision that has
 * `dataHash` instead of `data` was redacted, not deleted. `CONTROL` and `BLOCK_SUMMARY` hold no document; nor is there
 * one in a revision that is only a hash. What a loader noted in its own table in the source ledger stays there.
 *
 * @param read - reads the event of a revision, as Ion text, in place of `decodeEvents`
 * @throws InvalidEventError if it is not a record of such a stream; what it is about is never named.
 */
export function decodeQldbStreamRecord(data: Uint8Array, read?: BodyReader): DeliveryContent {
  const content = decodeRecord(data);
  return read === undefined ? content : mapContent(content, read);
}

function decodeRecord(data: Uint8Array): DeliveryContent {
  const [envelope, ...others] = decodeValues(data);
  if (!(envelope instanceof dom.Struct) || others.length > 0)
    throw new InvalidEventError("the record", "one struct, a record of a QLDB stream", "something else");
  const recordType = textField(envelope, "recordType");
  switch (recordType) {
    case "CONTROL":
    case "BLOCK_SUMMARY":
      structField(envelope, "payload");
      return NOTHING;
    case "REVISION_DETAILS":
      return decodeRevisionDetails(structField(envelope, "payload"));
    default:
      throw new InvalidEventError(
        "recordType",
        "CONTROL, BLOCK_SUMMARY or REVISION_DETAILS",
        "another value",
      );
  }
}

function decodeRevisionDetails(payload: dom.Struct): DeliveryContent {
  const revision = structField(payload, "revision");
  if (revision.get("metadata") === null) return NOTHING;
  const table = textField(structField(payload, "tableInfo"), "tableName");
  if (table === BOOKKEEPING_TABLE) return NOTHING;
  const event = eventFromRevision(table, revision);
  return { events: [{ event }], atomic: false };
}
