// SPDX-License-Identifier: MIT
import { type CheckpointStore, FileCheckpointStore } from "@ledger-loader/core";
import { DynamoDbCheckpointStore } from "@ledger-loader/dynamodb";
import { UsageError } from "../cli-errors";
import type { ConsumeOptions } from "../options/consume-options";
import { formatSourceName, type SourceName } from "../options/source-name";
import { withTables } from "./table-client";
import type { Terminal } from "../output/terminal";

const TABLE = "dynamodb:";

/** Runs `work` with the checkpoints that `--checkpoints` names: those of this source and ledger. */
export async function withCheckpoints<T>(
  env: Terminal["env"],
  source: SourceName,
  { checkpoints: place, ledger, group, region }: ConsumeOptions,
  work: (checkpoints: CheckpointStore) => Promise<T>,
): Promise<T> {
  if (place === undefined) {
    throw new UsageError(
      "expected --checkpoints FILE or --checkpoints dynamodb:TABLE for a stream, which keeps no note of how far it was read",
    );
  }
  // Another ledger that is to have the same records needs checkpoints of its own.
  const reader = `${formatSourceName(source)} to ${ledger}`;
  if (!place.startsWith(TABLE)) return work(new FileCheckpointStore(place, reader));
  const tableName = place.slice(TABLE.length);
  if (!/^[\w.-]{3,255}$/.test(tableName)) {
    throw new UsageError(
      `expected --checkpoints dynamodb:TABLE with a table's name, found ${JSON.stringify(place)}`,
    );
  }
  return withTables(env, region, (client) =>
    work(new DynamoDbCheckpointStore({ client, tableName, reader: `${group}: ${reader}` })),
  );
}
