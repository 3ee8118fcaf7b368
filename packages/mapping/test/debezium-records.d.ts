/** A record as Debezium puts it into a topic: JSON, a tombstone has no value. */
export interface TopicRecord {
  readonly key: string;
  readonly value: string | null;
}
type Row = Readonly<Record<string, unknown>>;
type Op = "c" | "u" | "d" | "r";
/** A change, as a connector tells it. */
export interface Change {
  readonly op: Op;
  readonly before?: Row | null;
  readonly after?: Row | null;
  readonly key: Row;
}
/** Fields by which each connector says where its log stood. `at` counts up. */
declare const PLACES: Readonly<Record<string, (at: number) => Row>>;
/** The record of a change: the envelope, without a schema. */
export declare function debeziumRecord(
  connector: keyof typeof PLACES,
  at: number,
  change: Change,
): TopicRecord;
/** A deletion, and the tombstone that follows it in a compacted topic. */
export declare function debeziumDeletion(
  connector: keyof typeof PLACES,
  at: number,
  change: Omit<Change, "op">,
): readonly TopicRecord[];
/** The record with Kafka Connect's schema around key and value. */
export declare function withSchema({ key, value }: TopicRecord, rowSchema: Row, keySchema: Row): TopicRecord;
export {};
