// SPDX-License-Identifier: MIT
import {
  ListShardsCommand,
  PutRecordsCommand,
  type KinesisClient,
  type PutRecordsRequestEntry,
  type Shard,
} from "@aws-sdk/client-kinesis";
import { aggregate, hashKeyOf, type UserRecord } from "@ledger-loader/kpl";

/** `PutRecords` takes no more. */
const entriesMax = 500;
const bytesMax = 5 * 1_048_576;

/** Some records were not taken: throttling, as a rule, or a stream without shards. They can be written again. */
export class RecordsRefused extends Error {}

/** Writes records into a Kinesis data stream, packed into aggregates or one by one. */
export class KinesisWriter {
  readonly #client: KinesisClient;
  readonly #streamName: string;
  readonly #aggregated: boolean;
  #shards: readonly Shard[] | undefined;

  constructor(client: KinesisClient, streamName: string, aggregated: boolean) {
    this.#client = client;
    this.#streamName = streamName;
    this.#aggregated = aggregated;
  }

  /**
   * Returns when every record is in the stream. When it throws, any of them may be: {@link RecordsRefused}, an error of
   * the SDK, or `UserRecordTooLargeError` for a record that fits into no Kinesis record.
   */
  async write(records: readonly UserRecord[]): Promise<void> {
    const entries = this.#aggregated ? await this.#pack(records) : records.map(toEntry);
    for (const batch of batchesOf(entries)) await this.#put(batch);
  }

  async #put(Records: PutRecordsRequestEntry[]): Promise<void> {
    const answer = await this.#client.send(new PutRecordsCommand({ StreamName: this.#streamName, Records }));
    if (answer.FailedRecordCount === 0) return;
    // A shard that was closed refuses nothing: Kinesis leads its records to its children. Still, look again.
    this.#shards = undefined;
    const refused = Records.filter((_, i) => answer.Records?.[i]?.ErrorCode !== undefined);
    throw new RecordsRefused(`${refused.length} records`);
  }

  /** Aggregates hold records of one shard each, as consumers of such streams expect. */
  async #pack(records: readonly UserRecord[]): Promise<PutRecordsRequestEntry[]> {
    this.#shards ??= await this.#openShards();
    return this.#shards.flatMap(({ HashKeyRange: range }) => {
      const [first, last] = [BigInt(range?.StartingHashKey ?? 0), BigInt(range?.EndingHashKey ?? 0)];
      const ofShard = records.filter((record) => {
        const hashKey = hashKeyOf(record);
        return first <= hashKey && hashKey <= last;
      });
      return [...aggregate(ofShard)].map(({ partitionKey, explicitHashKey, data }) => ({
        PartitionKey: partitionKey,
        ExplicitHashKey: explicitHashKey,
        Data: data,
      }));
    });
  }

  async #openShards(): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListShardsCommand(token === undefined ? { StreamName: this.#streamName } : { NextToken: token }),
      );
      shards.push(...(page.Shards ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    const open = shards.filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber === undefined);
    // A data stream that is still being created. Records would belong to no shard, and be taken for sent.
    if (open.length === 0) throw new RecordsRefused("no open shard");
    return open;
  }
}

function toEntry({ partitionKey, data }: UserRecord): PutRecordsRequestEntry {
  return { PartitionKey: partitionKey, Data: data };
}

function* batchesOf(entries: readonly PutRecordsRequestEntry[]): Generator<PutRecordsRequestEntry[]> {
  let batch: PutRecordsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = (entry.Data?.length ?? 0) + Buffer.byteLength(entry.PartitionKey ?? "");
    if (batch.length === entriesMax || (batch.length > 0 && bytes + size > bytesMax)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
