// SPDX-License-Identifier: MIT
import type { LedgerCredentials } from "./driver-ledger";

/** The access key of a ledger that checks keys. */
export type LedgerKey = Pick<LedgerCredentials, "accessKeyId" | "secretAccessKey">;

/** A key, or what is wrong with its two parts; neither where both parts are missing. */
export interface FoundLedgerKey {
  readonly key?: LedgerKey;
  readonly problem?: string;
}

/** The ledger's own key, from the values of LEDGER_ACCESS_KEY_ID and LEDGER_SECRET_ACCESS_KEY. */
export function findLedgerKey(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
): FoundLedgerKey {
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { key: { accessKeyId, secretAccessKey } };
  if (accessKeyId === secretAccessKey) return {};
  const [found, missing] =
    accessKeyId === undefined
      ? ["LEDGER_SECRET_ACCESS_KEY", "LEDGER_ACCESS_KEY_ID"]
      : ["LEDGER_ACCESS_KEY_ID", "LEDGER_SECRET_ACCESS_KEY"];
  return {
    problem: `${missing}: expected a value, as ${found} has one, found nothing: set both, or neither`,
  };
}
