// SPDX-License-Identifier: MIT
import type { LedgerLimits } from "../limits";
import { ConnectionLimit } from "./connection-limit";
import { LimitNotices } from "./observe/limit-notices";
import type { ServerLimit, ServerObserver } from "./observe/server-observer";
import { openFilesMax } from "./open-files";
import { SharedBudget } from "./shared-budget";

/** The limits that keep the clients of one server from taking more than it has. */
export interface ClientLimits {
  readonly connections: ConnectionLimit;
  /** Shared by the bodies of all requests. */
  readonly requestMemory: SharedBudget;
  /** Shared by the open transactions of all sessions. */
  readonly transactionMemory: SharedBudget;
  /** Called whenever a session is refused because there are too many. */
  readonly onSessionsFull: () => void;
}

/** The limits of one server; the observer is told when clients reach them. */
export function createClientLimits(limits: LedgerLimits, observer?: ServerObserver): ClientLimits {
  const notices = new LimitNotices(observer);
  const onFull = (limit: ServerLimit) => (): void => {
    notices.reached(limit, limits[limit]);
  };
  const budget = (limit: "openRequestBytesMax" | "openTransactionBytesMax"): SharedBudget =>
    new SharedBudget(limits[limit], onFull(limit));
  return {
    connections: new ConnectionLimit(limits.connectionsMax, openFilesMax(), onFull("connectionsMax")),
    requestMemory: budget("openRequestBytesMax"),
    transactionMemory: budget("openTransactionBytesMax"),
    onSessionsFull: onFull("activeSessionsMax"),
  };
}
