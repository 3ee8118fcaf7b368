// SPDX-License-Identifier: MIT
import {
  BOOKKEEPING_TABLE,
  type DeliveryContent,
  type EventOp,
  InvalidEventError,
  createEvent,
  decodeValues,
} from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";

/** What needs no loading: control records, block summaries, revisions of QLDB's own. */
const NOTHING: DeliveryContent = { events: [], atomic: false };

/**
 * Decodes a record of a QLDB journal stream (QLDB developer guide, "QLDB stream records in Kinesis").
 *
 * `REVISION_DETAILS` is one event: the record is the document, by its id, with the version it had. A revision that has
 * `dataHash` instead of `data` was redacted, not deleted. `CONTROL` and `BLOCK_SUMMARY` hold no document; nor is there
 * one in a revision that is only a hash. What a loader noted in its own table in the source ledger stays there.
 *
 * @throws InvalidEventError if it is not a record of such a stream; what it is about is never named.
 */
export function decodeQldbStreamRecord(data: Uint8Array): DeliveryContent {
  const [envelope, ...others] = decodeValues(data);
  if (!(envelope instanceof dom.Struct) || others.length > 0)
    throw new InvalidEventError("the record", "one struct, a record of a QLDB stream", "something else");
  const recordType = textOf(envelope, "recordType");
  switch (recordType) {
    case "CONTROL":
    case "BLOCK_SUMMARY":
      structOf(envelope, "payload");
      return NOTHING;
    case "REVISION_DETAILS":
      return decodeRevisionDetails(structOf(envelope, "payload"));
    default:
      throw new InvalidEventError(
        "recordType",
        "CONTROL, BLOCK_SUMMARY or REVISION_DETAILS",
        "another value",
      );
  }
}

function decodeRevisionDetails(payload: dom.Struct): DeliveryContent {
  const revision = structOf(payload, "revision");
  if (revision.get("metadata") === null) return NOTHING;
  const table = textOf(structOf(payload, "tableInfo"), "tableName");
  if (table === BOOKKEEPING_TABLE) return NOTHING;
  const metadata = structOf(revision, "metadata");
  const content = contentOf(revision);
  const version = versionOf(metadata);
  const event = createEvent({
    op: operationOf(version, content),
    table,
    id: textOf(metadata, "id"),
    version,
    ...content,
  });
  return { events: [{ event }], atomic: false };
}

interface Content {
  readonly data?: dom.Struct;
  readonly dataHash?: Uint8Array;
}

function contentOf(revision: dom.Struct): Content {
  if (revision.get("data") !== null) return { data: structOf(revision, "data") };
  const hash = revision.get("dataHash");
  if (hash === null) return {};
  const dataHash = hash.getType() === IonTypes.BLOB ? hash.uInt8ArrayValue() : null;
  if (dataHash === null) throw new InvalidEventError("dataHash", "a blob", hash.getType().name);
  return { dataHash };
}

/** A revision with neither data nor hash is a deletion. */
function operationOf(version: number, { data, dataHash }: Content): EventOp {
  if (data === undefined && dataHash === undefined) return "DELETE";
  return version === 0 ? "INSERT" : "UPDATE";
}

function versionOf(metadata: dom.Struct): number {
  const version = metadata.get("version");
  const number = version?.getType() === IonTypes.INT ? version.numberValue() : null;
  if (number === null) throw new InvalidEventError("version", "an int", "another value or none");
  return number;
}

function structOf(struct: dom.Struct, name: string): dom.Struct {
  const value = struct.get(name);
  if (value instanceof dom.Struct) return value;
  throw new InvalidEventError(name, "a struct", value === null ? "none" : value.getType().name);
}

function textOf(struct: dom.Struct, name: string): string {
  const value = struct.get(name);
  const text = value?.getType() === IonTypes.STRING ? value.stringValue() : null;
  if (text === null) throw new InvalidEventError(name, "a string", "another value or none");
  return text;
}
