// SPDX-License-Identifier: MIT
import { withoutUndefined, type Logger } from "@ledger-loader/core";
import type { DynamoDbConsumerOptions } from "@ledger-loader/dynamodb";
import type { OptionSpec } from "./command-spec";
import type { Terminal } from "../output/terminal";

/** How the items of a DynamoDB table become documents, and what else `consume dynamodb:` may be told. */
export interface ItemOptions {
  readonly table?: string;
  readonly modifyAs?: string;
  readonly expiry?: string;
  readonly sets?: string;
  readonly epoch?: string;
  readonly eventAttribute?: string;
  readonly onTrimmed?: "fail" | "continue";
}

/** Declares {@link ItemOptions}; values are checked where the environment's are. */
export const ITEM_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--table <name>",
    description:
      "the ledger's table for the items; else as DYNAMODB_TABLES says, else that of the same name (DynamoDB only)",
  },
  {
    flags: "--modify-as <operation>",
    description:
      "what a changed item is: UPDATE, which needs the record to be there, or ANY, for tables that had items before their stream; " +
      "else DYNAMODB_MODIFY_AS, else UPDATE (DynamoDB only)",
    choices: ["UPDATE", "ANY"],
  },
  {
    flags: "--expiry <policy>",
    description:
      "what an item's expiry (TTL) does to its record: `delete`, `ignore`, or `archive:TABLE` to delete it and keep its last content " +
      "there; else DYNAMODB_EXPIRY, else delete (DynamoDB only)",
  },
  {
    flags: "--sets <style>",
    description:
      "how DynamoDB's sets are kept: as lists annotated with their type, or as plain lists; else DYNAMODB_SETS, else annotated (DynamoDB only)",
    choices: ["annotated", "plain"],
  },
  {
    flags: "--epoch <number>",
    description:
      "raise it by one when the order starts anew, as after a restore; else DYNAMODB_EPOCH, else 0 (DynamoDB only)",
  },
  {
    flags: "--event-attribute <name>",
    description:
      "the table is an outbox: this attribute of its items holds events, and items are not loaded; else DYNAMODB_EVENT_ATTRIBUTE " +
      "(DynamoDB only)",
  },
  {
    flags: "--on-trimmed <action>",
    description:
      "when changes were not read within DynamoDB's 24 hours: fail, or continue with what is left; else fail (DynamoDB only)",
    choices: ["fail", "continue"],
  },
];

/**
 * What the options and the environment say, as the consumer of a table's stream takes it.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export async function itemMapping(
  env: Terminal["env"],
  options: ItemOptions,
  streamArn: string,
  logger: Logger,
): Promise<Partial<DynamoDbConsumerOptions>> {
  const { table, modifyAs, expiry, sets, epoch, eventAttribute, onTrimmed } = options;
  const source = /:table\/([^/]+)/.exec(streamArn)?.[1] ?? "";
  const said = {
    DYNAMODB_TABLES: table === undefined ? undefined : `${source}=${table}`,
    DYNAMODB_MODIFY_AS: modifyAs,
    DYNAMODB_EXPIRY: expiry,
    DYNAMODB_SETS: sets,
    DYNAMODB_EPOCH: epoch,
    DYNAMODB_EVENT_ATTRIBUTE: eventAttribute,
  };
  const { readDynamoDbOptions } = await import("@ledger-loader/dynamodb");
  return {
    ...readDynamoDbOptions({ ...env, ...withoutUndefined(said) }, logger),
    ...withoutUndefined({ onTrimmed }),
  };
}
