// SPDX-License-Identifier: MIT
import type { Logger } from "@ledger-loader/core";
import type { LedgerServerOptions, ServerChange, ServerLimit, ServerObserver } from "@ledger-loader/ledger";

/** Logs a server's changes, one line for each, and with level `debug` one for each request. */
export function logServer(
  log: Logger,
  onRequest: ServerObserver["onRequest"],
): Pick<LedgerServerOptions, "observer" | "onWarning" | "onInfo" | "onDefect"> {
  return {
    observer: {
      onRequest: (request) => {
        log.debug({ ...request }, "request answered");
        onRequest?.(request);
      },
      onChange: (change) => {
        logChange(log, change);
      },
    },
    onWarning: (warning) => {
      log.warn({}, warning);
    },
    onInfo: (message) => {
      log.info({}, message);
    },
    onDefect: (error) => {
      const { stack } = error instanceof Error ? error : {};
      log.error({ reason: String(error), stack }, "a request failed because of the server");
    },
  };
}

function logChange(log: Logger, change: ServerChange): void {
  const { kind, ...fields } = change;
  switch (kind) {
    case "ledger-opened":
      log.info(fields, "ledger opened");
      break;
    case "limit-reached":
      log.warn(fields, LIMITS[change.limit]);
      break;
    case "database-lost":
      log.error(fields, "the database does not answer: requests are refused until it does");
      break;
    case "database-back":
      log.info(fields, "the database answers again");
      break;
  }
}

/** The effect of a limit on clients, and the option that raises it. */
const LIMITS: Readonly<Record<ServerLimit, string>> = {
  activeSessionsMax: "a ledger has as many sessions as QLDB allowed: further ones are refused",
  connectionsMax: "too many connections: requests of further ones are refused; see --max-connections",
  openRequestBytesMax:
    "requests take too much memory: the most idle ones are ended; see --max-request-memory",
  openTransactionBytesMax:
    "transactions take too much memory: the most idle sessions are ended; see --max-transaction-memory",
};
