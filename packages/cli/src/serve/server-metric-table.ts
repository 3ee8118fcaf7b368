// SPDX-License-Identifier: MIT

/** One metric of a ledger server: from it come `/metrics` and the reference page. */
export interface ServerMetricDefinition {
  /** The name in Prometheus. */
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  /** The labels of its values. A ledger's name is the only label that users choose. */
  readonly labels: readonly string[];
  /** The quantity that it counts or measures: one sentence. */
  readonly meaning: string;
}

function metric(definition: ServerMetricDefinition): ServerMetricDefinition {
  return definition;
}

/** All metrics of `ledger serve` but those of the process, in the order of the reference page. */
export const SERVER_METRICS = {
  info: metric({
    name: "ledger_server_info",
    kind: "gauge",
    labels: ["version"],
    meaning: "Always 1. The label is the version of the server.",
  }),
  ready: metric({
    name: "ledger_server_ready",
    kind: "gauge",
    labels: [],
    meaning:
      "1 while `/health/ready` answers 200, and 0 while the storage does not answer or the server starts or stops.",
  }),
  requests: metric({
    name: "ledger_server_requests_total",
    kind: "counter",
    labels: ["operation", "result"],
    meaning:
      "Requests by operation (`StartSession`, `ExecuteStatement`, `GetDigest`…) and result: `ok`, the name of the error that the client got, `ClientGone`, or `forwarded` to the server that opened the session. That server counts what became of it.",
  }),
  duration: metric({
    name: "ledger_server_request_duration_seconds",
    kind: "histogram",
    labels: ["operation"],
    meaning: "Time from a request's arrival to the end of its answer.",
  }),
  commits: metric({
    name: "ledger_server_commits_total",
    kind: "counter",
    labels: [],
    meaning: "Transactions that were committed, those that only read included.",
  }),
  conflicts: metric({
    name: "ledger_server_conflicts_total",
    kind: "counter",
    labels: [],
    meaning:
      "Commits that were refused because another transaction changed what was read (`OccConflictException`). Drivers run these again.",
  }),
  refusedStatements: metric({
    name: "ledger_server_refused_statements_total",
    kind: "counter",
    labels: ["error"],
    meaning:
      "Statements that were refused, by the code of the error (see the reference of errors) or its name.",
  }),
  journalBlocks: metric({
    name: "ledger_server_journal_blocks",
    kind: "gauge",
    labels: ["ledger"],
    meaning:
      "Blocks of a ledger's journal. It never falls. It is missing while the storage does not answer. Of the ledgers that were not used since the start, the first 1,000 by name have it.",
  }),
  ledgers: metric({
    name: "ledger_server_ledgers",
    kind: "gauge",
    labels: [],
    meaning: "Ledgers in the data folder or database. It is missing while the storage does not answer.",
  }),
  sessions: metric({
    name: "ledger_server_sessions",
    kind: "gauge",
    labels: ["ledger"],
    meaning: "Open sessions of a ledger on this server.",
  }),
  transactions: metric({
    name: "ledger_server_transactions",
    kind: "gauge",
    labels: ["ledger"],
    meaning: "Open transactions of a ledger on this server.",
  }),
  waitingCommits: metric({
    name: "ledger_server_waiting_commits",
    kind: "gauge",
    labels: ["ledger"],
    meaning: "Transactions of a ledger that wait to be committed, or are being committed.",
  }),
  contendingTransactions: metric({
    name: "ledger_server_contending_transactions",
    kind: "gauge",
    labels: ["ledger"],
    meaning: "Transactions of a ledger that lost a conflict, and run again in turn or wait for their turn.",
  }),
  runningRequests: metric({
    name: "ledger_server_running_requests",
    kind: "gauge",
    labels: [],
    meaning: "Requests that have arrived and are not answered yet.",
  }),
  waitingTurns: metric({
    name: "ledger_server_waiting_turns",
    kind: "gauge",
    labels: [],
    meaning: "Long statements and large requests that wait for their next turn on the processor.",
  }),
  connections: metric({
    name: "ledger_server_connections",
    kind: "gauge",
    labels: [],
    meaning: "Connections that are being served.",
  }),
  connectionsMax: metric({
    name: "ledger_server_connections_max",
    kind: "gauge",
    labels: [],
    meaning: "Connections that can be served at the same time.",
  }),
  memory: metric({
    name: "ledger_server_memory_bytes",
    kind: "gauge",
    labels: ["use"],
    meaning:
      "Memory that clients hold: `requests` (bodies being received) or `transactions` (open transactions).",
  }),
  memoryMax: metric({
    name: "ledger_server_memory_max_bytes",
    kind: "gauge",
    labels: ["use"],
    meaning: "The limit of that memory.",
  }),
  madeWay: metric({
    name: "ledger_server_made_way_total",
    kind: "counter",
    labels: ["use"],
    meaning:
      "Requests and sessions that were ended because they were idle for longest while that memory was used up.",
  }),
} as const;
