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
      "the ledger's table for the items (DynamoDB only). Default: the same name. Environment: DYNAMODB_TABLES",
  },
  {
    flags: "--modify-as <operation>",
    description:
      "the operation of a changed item, ANY for tables that had items before their stream (DynamoDB only). " +
      "Default: UPDATE. Environment: DYNAMODB_MODIFY_AS",
    choices: ["UPDATE", "ANY"],
  },
  {
    flags: "--expiry <policy>",
    description:
      "what the expiry (TTL) of an item does: `delete`, `ignore`, or `archive:TABLE`, which keeps the last content there " +
      "(DynamoDB only). Default: delete. Environment: DYNAMODB_EXPIRY",
  },
  {
    flags: "--sets <style>",
    description:
      "how sets are kept: lists with their type, or plain lists (DynamoDB only). Default: annotated. Environment: DYNAMODB_SETS",
    choices: ["annotated", "plain"],
  },
  {
    flags: "--epoch <number>",
    description:
      "raise it by one when the order starts again (DynamoDB only). Default: 0. Environment: DYNAMODB_EPOCH",
  },
  {
    flags: "--event-attribute <name>",
    description:
      "the table is an outbox: this attribute of its items holds events (DynamoDB only). Environment: DYNAMODB_EVENT_ATTRIBUTE",
  },
  {
    flags: "--on-trimmed <action>",
    description:
      "after changes that expired unread: fail, or continue with what is left (DynamoDB only). Default: fail",
    choices: ["fail", "continue"],
  },
];

/**
 * The mapping of options and environment, as the consumer of a table's stream takes it.
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
