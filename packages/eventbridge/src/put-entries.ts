// SPDX-License-Identifier: MIT
import { PutEventsCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { type AwsClient, type RetryOptions, backoffMs, isTransient, pause } from "@ledger-loader/core";
import type { EventEntry } from "./event-entry";
import { EventBusUnavailableError } from "./eventbridge-errors";

/** The result of one request's entries. */
export interface PutResult {
  readonly accepted: readonly EventEntry[];
  readonly refused: readonly { readonly entry: EventEntry; readonly code: string }[];
  /** Calls that repeated another one, in whole or in part. */
  readonly retries: number;
}

const RETRY_DELAY_MAX_MS = 20_000;

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
const RETRYABLE_CODES = new Set(["InternalFailure", "ThrottlingException"]);

/**
 * Puts up to 10 entries, those that failed for a while again, until each is accepted or refused.
 *
 * @throws EventBusUnavailableError when some were neither after the last attempt; the SDK's own error when a call
 *   failed for a reason that does not pass.
 */
export async function putEntries(
  client: AwsClient,
  entries: readonly EventEntry[],
  { attemptsMax, retryDelayMs }: RetryOptions,
): Promise<PutResult> {
  const accepted: EventEntry[] = [];
  const refused: { entry: EventEntry; code: string }[] = [];
  let pending = entries;
  for (let attempt = 1; ; attempt += 1) {
    const { codes, cause } = await putOnce(client, pending);
    const again: EventEntry[] = [];
    for (const [i, entry] of pending.entries()) {
      const code = codes[i];
      if (code === undefined) accepted.push(entry);
      else if (RETRYABLE_CODES.has(code)) again.push(entry);
      else refused.push({ entry, code });
    }
    if (again.length === 0) return { accepted, refused, retries: attempt - 1 };
    if (attempt === attemptsMax) throw new EventBusUnavailableError(again.length, attemptsMax, cause);
    pending = again;
    await pause(backoffMs(attempt, { delayMs: retryDelayMs, delayMaxMs: RETRY_DELAY_MAX_MS }));
  }
}

/** One call: the error code of each entry, `undefined` where it was accepted. */
async function putOnce(
  client: AwsClient,
  entries: readonly EventEntry[],
): Promise<{ readonly codes: readonly (string | undefined)[]; readonly cause?: unknown }> {
  try {
    const command = new PutEventsCommand({ Entries: entries.map(({ entry }) => entry) });
    const { Entries: results = [] } = await (client as EventBridgeClient).send(command);
    // An entry that the answer does not name is not known to be accepted.
    const codes = entries.map((_, i) => {
      const result = results[i];
      return result?.EventId === undefined ? (result?.ErrorCode ?? "InternalFailure") : undefined;
    });
    return { codes, cause: codes.find((code) => code !== undefined) };
  } catch (cause) {
    if (!isTransient(cause)) throw cause;
    return { codes: entries.map(() => "InternalFailure"), cause };
  }
}
