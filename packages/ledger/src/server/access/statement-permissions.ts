// SPDX-License-Identifier: MIT
import { tableArn, userTablesArn } from "../../arn";
import type { LedgerDescription } from "../../storage/storage";
import type { StatementAuthorizer, TableAction } from "../../transaction/authorized-catalog";
import { refuseChange } from "../explorer/read-only";
import { AccessDeniedError } from "./access-denied-error";
import type { Caller } from "./caller";

/**
 * Asks for the caller's `qldb:PartiQL…` permissions, table by table. `undefined` for a ledger of the mode `ALLOW_ALL`, where
 * `qldb:SendCommand` is enough.
 *
 * A table has two ARNs, by its id as at QLDB and by its name; a table that does not exist yet has `table/*`.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/getting-started-standard-mode.html
 */
export function authorizeStatements(
  caller: Caller,
  { name: ledgerName, permissionsMode }: Pick<LedgerDescription, "name" | "permissionsMode">,
): StatementAuthorizer | undefined {
  const hasPolicy = permissionsMode !== "ALLOW_ALL";
  if (!hasPolicy && caller.isReader !== true) return undefined;
  return {
    requireTable: (action, { tableId = "*", name }) => {
      if (caller.isReader === true && !READING.includes(action)) refuseChange();
      if (!hasPolicy) return;
      requireAllowed(caller, `qldb:PartiQL${action}`, [
        tableArn(ledgerName, tableId),
        tableArn(ledgerName, name),
      ]);
    },
    requireUserTables: () => {
      if (!hasPolicy) return;
      requireAllowed(caller, "qldb:PartiQLSelect", [userTablesArn(ledgerName)]);
    },
  };
}

/** The actions on a table of a caller that may only read. */
const READING: readonly TableAction[] = ["Select", "HistoryFunction"];

function requireAllowed(caller: Caller, action: string, arns: readonly string[]): void {
  try {
    caller.requireAction(action, arns);
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    // The first sentence is QLDB's own, which its users search for.
    const message =
      "Access denied. Unable to run the statement due to insufficient permissions or an improper variable reference. " +
      error.message;
    throw new AccessDeniedError(message, error.action, error.resource);
  }
}
