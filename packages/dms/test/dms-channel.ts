// SPDX-License-Identifier: MIT
import { type RevisionEvent, decodeEvents } from "@ledger-loader/core";
import type { DmsOptions, LoadEventMapper } from "@ledger-loader/dms";
import type { ChannelMessage, ChannelSetup, TestChannel } from "@ledger-loader/testkit";
import { dom, dumpText } from "ion-js";
import { aKinesisRecord, streamPosition } from "./dms-records";
import { openShard, parking } from "./test-shard";

const RETRY_DELAY_MS = 20;

/** Takes rows apart that {@link toRecord} has put together, so that documents are those of the suite's events. */
const mapper: LoadEventMapper = {
  mapTableName: ({ table }) => table,
  mapPrimaryKey: (row) => row.get("id") ?? undefined,
  mapDataRecord: (row) => row.get("document") as dom.Struct,
};
const DMS: DmsOptions = { mapper, engine: "postgresql" };

/** Two shards with DMS records of the suite's events, and a loader that parks, for `describeChannel`. */
export function openDmsChannel(setup: ChannelSetup): Promise<TestChannel> {
  const { batchSizeMax, parkAfterMs } = setup;
  const { loader, letters } = parking(setup.loader, parkAfterMs);
  const open = () => openShard({ loader, dms: DMS, batchSizeMax, retryDelayMs: RETRY_DELAY_MS });
  const [first, second] = [open(), open()];
  const sent = new Map<string, ChannelMessage>();
  let records = 0;
  return Promise.resolve({
    send: (messages) => {
      for (const message of messages) {
        const body = toRecord(message.body);
        sent.set(body, message);
        (message.shard === 1 ? second : first).append(aKinesisRecord(body, String(++records)));
      }
      return Promise.resolve();
    },
    drain: async () => {
      await Promise.all([first.drain(), second.drain()]);
    },
    takeParked: () =>
      Promise.resolve(letters.splice(0).map(({ body }) => sent.get(Buffer.from(body).toString())!)),
    close: () => Promise.resolve(),
  });
}

/** The DMS record of an event, with its version as log position; what is no event stays as it is. */
function toRecord(body: string): string {
  try {
    const [decoded] = decodeEvents(body).events;
    if (decoded?.event !== undefined) return toRow(decoded.event);
    return decoded?.rejected.reason === "invalid-table" ? toRowOfBadTable(body) : body;
  } catch {
    // Not an event: the suite wants to know what becomes of such bytes.
    return body;
  }
}

/** A source may have names that are no ledger's. */
function toRowOfBadTable(body: string): string {
  const [, table = ""] = /table:("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
  return aRow("insert", JSON.parse(table) as string, 0, `"bad"`, "{}");
}

function toRow({ op, table, version = 0, id, data }: RevisionEvent): string {
  const operation = { INSERT: "insert", UPDATE: "update", DELETE: "delete", ANY: "insert" }[op];
  return aRow(
    operation,
    table,
    version,
    id === undefined ? "null" : dumpText(id.value),
    data && dumpText(data),
  );
}

function aRow(operation: string, table: string, version: number, id: string, document = "null"): string {
  const metadata = {
    "record-type": "data",
    operation,
    "schema-name": "public",
    "table-name": table,
    "stream-position": streamPosition(version + 1),
  };
  return `{data:{id:${id},document:${document}},metadata:${JSON.stringify(metadata)}}`;
}
