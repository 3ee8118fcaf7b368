// SPDX-License-Identifier: MIT
import { type AwsClient, ConfigurationError, type Logger } from "@ledger-loader/core";

/** How the documents of one table of the ledger become items. */
export interface TableProjection {
  /** The table of DynamoDB. Its key is one attribute: {@link TableProjection.key}. */
  readonly tableName: string;
  /** The key's name; it holds the event's id. @defaultValue `"id"` */
  readonly key?: string;
  /** The top-level fields that items get. **All others are left out**, and with them what is personal. */
  readonly fields: readonly string[];
}

/** The tables of a projection, and their targets. */
export interface DynamoDbProjectionOptions {
  readonly client: AwsClient;
  /** By table of the ledger; `"ignored"`: its events are acknowledged. An event of any other table is rejected. */
  readonly tables: Readonly<Record<string, TableProjection | "ignored">>;
  /** The table that remembers deleted records, so that a late revision does not bring one back. Its key is `record`, a string. */
  readonly tombstoneTable: string;
  /** The attribute of items that holds the revision's version. @defaultValue `"version"` */
  readonly versionAttribute?: string;
  /** Calls for one event at most, before the batch must come again. @defaultValue `8` */
  readonly attemptsMax?: number;
  /** The first pause between two calls, in milliseconds; it doubles. @defaultValue `50` */
  readonly retryDelayMs?: number;
  /** Records that are written side by side. @defaultValue `10` */
  readonly concurrency?: number;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/** The key's name of a projection. */
export function keyOf({ key = "id" }: TableProjection): string {
  return key;
}

/** @throws ConfigurationError if an item could not hold its key, its version and its fields side by side. */
export function checkProjections({ tables, versionAttribute = "version" }: DynamoDbProjectionOptions): void {
  const problems = Object.entries(tables).flatMap(([table, projection]) => {
    if (projection === "ignored") return [];
    const names = [keyOf(projection), versionAttribute, ...projection.fields];
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    return twice === undefined ? [] : [`${table}: expected each attribute once, found ${twice} twice`];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
}
