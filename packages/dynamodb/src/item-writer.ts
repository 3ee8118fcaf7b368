// SPDX-License-Identifier: MIT
import {
  TransactWriteItemsCommand,
  type AttributeValue,
  type CancellationReason,
  type DynamoDBClient,
  type TransactionCanceledException,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import {
  InvalidEventError,
  LedgerUnavailableError,
  type Outcome,
  type RevisionEvent,
  backoffMs,
  isAwsError,
  isDeletion,
  isTransient,
  pause,
  recordKey,
  rejected,
} from "@ledger-loader/core";
import { keyOf, type DynamoDbProjectionOptions, type TableProjection } from "./projection-options";
import { toAttribute } from "./to-attribute";

const ATTEMPTS_MAX = 8;
const RETRY_DELAY_MS = 50;
const RETRY_DELAY_MAX_MS = 30_000;
/** Reasons of a cancelled transaction that pass. */
const PASSING = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);

/** Writes revisions to items, each only upon an older one: what comes twice or too late changes nothing. */
export class ItemWriter {
  readonly #options: DynamoDbProjectionOptions;
  readonly #versionAttribute: string;

  constructor(options: DynamoDbProjectionOptions) {
    this.#options = options;
    this.#versionAttribute = options.versionAttribute ?? "version";
  }

  /** @throws LedgerUnavailableError if DynamoDB gave no answer, however often it was asked. */
  async write(event: RevisionEvent, projection: TableProjection): Promise<Outcome> {
    try {
      return await this.#send(this.#toTransaction(event, projection), event);
    } catch (error) {
      if (error instanceof InvalidEventError) return rejected(error.reason, error.message);
      throw error;
    }
  }

  /**
   * Two writes in one transaction, so that no order of two revisions can leave a deleted item behind: the item, and the
   * tombstone, which a deletion sets and every other revision must be later than.
   */
  #toTransaction(event: RevisionEvent, projection: TableProjection): TransactWriteItem[] {
    const { id, version } = event;
    if (id === undefined || version === undefined) {
      throw new InvalidEventError("an event", "one with id and version", "one without", "order-unknown");
    }
    const itemKey = { [keyOf(projection)]: toAttribute(id.value) };
    // A hash: what is remembered of a deleted record must not be personal.
    const tombstoneKey = { record: { S: recordKey(event) ?? "" } };
    const N = String(version);
    const item = { TableName: projection.tableName, ...this.#upon(this.#versionAttribute, N) };
    const tombstone = { TableName: this.#options.tombstoneTable, ...this.#upon("version", N) };
    if (isDeletion(event)) {
      return [
        { Put: { ...tombstone, Item: { ...tombstoneKey, version: { N } } } },
        { Delete: { ...item, Key: itemKey } },
      ];
    }
    const fields = projection.fields.flatMap((name): [string, AttributeValue][] => {
      const value = event.data?.get(name);
      return value ? [[name, toAttribute(value)]] : [];
    });
    const Item = { ...Object.fromEntries(fields), ...itemKey, [this.#versionAttribute]: { N } };
    return [{ ConditionCheck: { ...tombstone, Key: tombstoneKey } }, { Put: { ...item, Item } }];
  }

  #upon(attribute: string, N: string) {
    return {
      ConditionExpression: "attribute_not_exists(#v) OR #v < :v",
      ExpressionAttributeNames: { "#v": attribute },
      ExpressionAttributeValues: { ":v": { N } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    } as const;
  }

  async #send(TransactItems: TransactWriteItem[], event: RevisionEvent): Promise<Outcome> {
    const { client, attemptsMax = ATTEMPTS_MAX, retryDelayMs = RETRY_DELAY_MS } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await (client as DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems }));
        return { status: "written" };
      } catch (error) {
        const outcome = this.#judge(error, event);
        if (outcome !== undefined) return outcome;
        if (attempt >= attemptsMax) {
          const found = error instanceof Error ? error.name : typeof error;
          throw new LedgerUnavailableError(`${found} from DynamoDB, ${attempt} times`, error);
        }
        await pause(backoffMs(attempt, { delayMs: retryDelayMs, delayMaxMs: RETRY_DELAY_MAX_MS }));
      }
    }
  }

  /** Judges an error for the event; `undefined`: nothing is known yet. Throws errors that do not pass. */
  #judge(error: unknown, event: RevisionEvent): Outcome | undefined {
    if (isAwsError(error, "TransactionCanceledException")) {
      const { CancellationReasons = [] } = error as TransactionCanceledException;
      return this.#judgeReasons(CancellationReasons, event);
    }
    if (isAwsError(error, "ValidationException")) return refused("ValidationException");
    if (isTransient(error)) return undefined;
    throw error;
  }

  #judgeReasons(reasons: readonly CancellationReason[], event: RevisionEvent): Outcome | undefined {
    const later = reasons.filter(({ Code }) => Code === "ConditionalCheckFailed");
    if (later.length > 0) {
      const versions = later.map(({ Item }) => Item?.[this.#versionAttribute]?.N ?? Item?.["version"]?.N);
      const isSame = versions.every((version) => version === String(event.version));
      return { status: "skipped", reason: isSame ? "already-applied" : "superseded" };
    }
    const codes = reasons.flatMap(({ Code }) => (Code === undefined || Code === "None" ? [] : [Code]));
    return codes.every((code) => PASSING.has(code)) ? undefined : refused(codes.join(", "));
  }
}

function refused(code: string): Outcome {
  return rejected(
    "write-failed",
    `Expected DynamoDB to accept the item, found ${code}. Compare the item's key and size with the table's.`,
  );
}
