// SPDX-License-Identifier: MIT
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type CheckpointStore, FileCheckpointStore } from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
import { awsClientConfig } from "./aws-client";
import type { SourceOptions } from "./channel";
import type { Terminal } from "../output/terminal";

const TABLE = "dynamodb:";

/**
 * Runs `work` with the checkpoints that `--checkpoints` names: those of this source and ledger.
 *
 * @param source as `consume` names it: `kinesis:journal`
 */
export async function withCheckpoints<T>(
  env: Terminal["env"],
  source: string,
  { checkpoints: place, ledger, group, region }: SourceOptions,
  work: (checkpoints: CheckpointStore) => Promise<T>,
): Promise<T> {
  if (place === undefined) {
    throw new UsageError(
      "expected --checkpoints FILE or --checkpoints dynamodb:TABLE for a stream, which keeps no note of how far it was read",
    );
  }
  // Another ledger that is to have the same records needs checkpoints of its own.
  const reader = `${source} to ${ledger}`;
  if (!place.startsWith(TABLE)) return work(new FileCheckpointStore(place, reader));
  const tableName = place.slice(TABLE.length);
  if (!/^[\w.-]{3,255}$/.test(tableName)) {
    throw new UsageError(
      `expected --checkpoints dynamodb:TABLE with a table's name, found ${JSON.stringify(place)}`,
    );
  }
  return withTables(env, region, async (client) => {
    const { DynamoDbCheckpointStore } = await import("@ledger-loader/dynamodb");
    return work(new DynamoDbCheckpointStore({ client, tableName, reader: `${group}: ${reader}` }));
  });
}

/** How long a process may be silent before others take its shards over. */
export function leaseFrom({ lease }: SourceOptions): { readonly leaseMs?: number } {
  return lease === undefined ? {} : { leaseMs: lease * 1_000 };
}

/** Runs `work` with a client for tables of DynamoDB, of AWS or of DynamoDB Local, and ends the client. */
async function withTables<T>(
  env: Terminal["env"],
  region: string | undefined,
  work: (client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const config = awsClientConfig(env, "DYNAMODB", region);
  // A consumer that cannot renew its leases goes on, but loses them: it is worth a few more tries.
  const sdk = await import("@aws-sdk/client-dynamodb");
  const client = new sdk.DynamoDBClient({ ...config, maxAttempts: 5 });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
