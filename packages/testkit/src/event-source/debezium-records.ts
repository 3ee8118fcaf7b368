// SPDX-License-Identifier: MIT

/** A record as Debezium puts it into a topic: JSON, a tombstone has no value. */
export interface TopicRecord {
  readonly key: string;
  readonly value: string | null;
}

type Row = Readonly<Record<string, unknown>>;
type Op = "c" | "u" | "d" | "r";

/** A change, as a connector tells it. */
export interface DebeziumChange {
  readonly op: Op;
  readonly before?: Row | null;
  readonly after?: Row | null;
  readonly key: Row;
}

const common = (connector: string, op: Op) => ({
  version: "3.0.0.Final",
  connector,
  name: "shop",
  ts_ms: 1_700_000_000_000,
  snapshot: op === "r" ? "true" : "false",
});

/** Fields by which each connector says where its log stood. `at` counts up. */
const PLACES: Readonly<Record<string, (at: number) => Row>> = {
  postgresql: (at) => ({
    db: "shop",
    schema: "public",
    table: "customers",
    txId: 500 + at,
    lsn: 23_900_000 + at * 56,
    sequence: JSON.stringify([String(23_900_000 + at * 56), String(23_900_000 + at * 56)]),
    xmin: null,
  }),
  mysql: (at) => ({
    db: "shop",
    table: "orders",
    server_id: 223_344,
    gtid: null,
    file: `mysql-bin.${String(3 + Math.floor(at / 2)).padStart(6, "0")}`,
    pos: 9000 - (at % 2 === 0 ? 800 : 0),
    row: 0,
    thread: 7,
    query: null,
  }),
  sqlserver: (at) => ({
    db: "shop",
    schema: "dbo",
    table: "items",
    change_lsn: `00000027:0000075${at.toString(16)}:0002`,
    commit_lsn: `00000027:0000075${at.toString(16)}:0005`,
    event_serial_no: 1 + (at % 2),
  }),
  mongodb: (at) => ({
    db: "shop",
    collection: "products",
    ts_ms: 1_700_000_000_000 + at * 1000,
    ord: 1 + (at % 3),
    lsid: null,
    txnNumber: null,
  }),
};

/** The record of a change: the envelope, without a schema. */
export function debeziumRecord(
  connector: keyof typeof PLACES,
  at: number,
  change: DebeziumChange,
): TopicRecord {
  const { op, before = null, after = null, key } = change;
  const source = { ...common(connector, op), ...PLACES[connector]?.(at) };
  const value = { before, after, source, op, ts_ms: 1_700_000_000_123, transaction: null };
  return { key: JSON.stringify(key), value: JSON.stringify(value) };
}

/** A deletion, and the tombstone that follows it in a compacted topic. */
export function debeziumDeletion(
  connector: keyof typeof PLACES,
  at: number,
  change: Omit<DebeziumChange, "op">,
): readonly TopicRecord[] {
  const record = debeziumRecord(connector, at, { ...change, op: "d" });
  return [record, { key: record.key, value: null }];
}

/** The record with Kafka Connect's schema around key and value. */
export function withSchema({ key, value }: TopicRecord, rowSchema: Row, keySchema: Row): TopicRecord {
  const row = { type: "struct", optional: true, ...rowSchema };
  const schema = {
    type: "struct",
    name: "shop.public.customers.Envelope",
    optional: false,
    fields: [
      { ...row, field: "before" },
      { ...row, field: "after" },
      { type: "string", optional: false, field: "op" },
    ],
  };
  return {
    key: JSON.stringify({
      schema: { type: "struct", optional: false, ...keySchema },
      payload: JSON.parse(key) as unknown,
    }),
    value: value === null ? null : JSON.stringify({ schema, payload: JSON.parse(value) as unknown }),
  };
}
