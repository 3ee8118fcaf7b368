// SPDX-License-Identifier: MIT
import { type Logger, silentLogger } from "@ledger-loader/core";
import type { SetStyle } from "./attribute-value";

/**
 * The treatment of a record whose item has expired (TTL).
 *
 * - `delete`: it is deleted, as the item was.
 * - `ignore`: it stays as it is; a later change of the item is applied as ever.
 * - `archiveTo`: it is deleted, and the item's last content is written to another table, in one transaction. Needs the
 *   view type NEW_AND_OLD_IMAGES.
 *
 * A replica of a global table gets the removal of an expired item as anybody's removal: there, it is a deletion whatever
 * this says.
 */
export type ExpiryPolicy = "delete" | "ignore" | { readonly archiveTo: string };

/** How changes of items become events. */
export interface DynamoDbOptions {
  /** Tables of the ledger by table of DynamoDB. Default: the same name. */
  readonly tables?: Readonly<Record<string, string>> | undefined;
  /**
   * The operation of a MODIFY. `UPDATE` needs the record to be there: strict mode rejects it where changes before it are missing.
   * `ANY` takes the item as it is, for tables that had items before their stream was switched on.
   *
   * @defaultValue `"UPDATE"`, and `"ANY"` for Kinesis, where a MODIFY may overtake the INSERT
   */
  readonly modifyAs?: "UPDATE" | "ANY" | undefined;
  /** @defaultValue `"annotated"` */
  readonly sets?: SetStyle;
  /** @defaultValue `"delete"` */
  readonly expiry?: ExpiryPolicy;
  /**
   * Raise it by one when the order starts anew: a table restored under its name, another replica of a global table, a
   * change from Kinesis to the table's own stream. What comes then outweighs everything before. @defaultValue `0`
   */
  readonly epoch?: number;
  /**
   * The attribute that holds an event, in a table that is an outbox: each item put there carries one, written in one
   * DynamoDB transaction with what it tells of. Then items themselves are not loaded.
   */
  readonly eventAttribute?: string | undefined;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/** The options with their defaults. */
export interface DynamoDbContext extends Required<
  Omit<DynamoDbOptions, "tables" | "modifyAs" | "eventAttribute">
> {
  readonly tables: Readonly<Record<string, string>>;
  readonly modifyAs: "UPDATE" | "ANY";
  readonly eventAttribute: string | undefined;
}

/** Fills in the defaults. */
export function toContext(options: DynamoDbOptions, modifyAs: "UPDATE" | "ANY"): DynamoDbContext {
  return {
    tables: options.tables ?? {},
    modifyAs: options.modifyAs ?? modifyAs,
    sets: options.sets ?? "annotated",
    expiry: options.expiry ?? "delete",
    epoch: options.epoch ?? 0,
    eventAttribute: options.eventAttribute,
    logger: options.logger ?? silentLogger,
  };
}
