// SPDX-License-Identifier: MIT
import type { _Record, DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { ShardWorkers, type ShardWorkerLife } from "./shard-workers";
import type { ShardedStream, ShardRecord } from "./sharded-stream";
import type { Invoke, World } from "./simulated-channel";
import { TableStreamApi } from "./table-stream-api";

/** One life of a process that consumes the stream of a DynamoDB table. */
export type TableStreamWorkerLife = ShardWorkerLife<DynamoDBStreamsClient>;

/** Processes at the stream of a DynamoDB table: its iterators expire, its calls are throttled, fail or get no answer. */
export class TableStreamWorkers extends ShardWorkers<DynamoDBStreamsClient> {
  constructor(
    world: World,
    stream: ShardedStream<never>,
    toRecord: (record: ShardRecord) => _Record,
    invoke: Invoke<TableStreamWorkerLife, unknown>,
  ) {
    const api = new TableStreamApi(world, stream, { toRecord, hasFaults: true });
    super(world, stream, (command) => api.answer(command), invoke);
  }
}
