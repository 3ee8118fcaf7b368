// SPDX-License-Identifier: MIT
import type { Logger } from "@ledger-loader/core";
import type { LedgerServer } from "@ledger-loader/ledger";
import { logChoice } from "../options/log-options";
import { command, type AnyCommandBody, type CommandContext } from "../options/command-spec";
import { ExitCode } from "../output/exit-code";
import { counted, facts } from "../output/layout";
import { PROGRAM, VERSION } from "../program-name";
import { openServer } from "../serve/open-server";
import { SERVE_OPTIONS, type ServeOptions, unknownVariables } from "../serve/serve-options";
import { ServerHealth } from "../serve/server-health";

/** `ledger serve` */
export const ledgerServe: AnyCommandBody = command<readonly [], ServeOptions>({
  description:
    "Answers QLDB's drivers and the AWS SDK's client-qldb on one port. Ledgers are files of the data folder, or " +
    "in a PostgreSQL database, which several servers may share. SIGINT (Ctrl-C) or SIGTERM stops the server " +
    "after the running requests. SIGHUP makes it read the files of --credentials, --tls-cert and --tls-key " +
    "again.\n\nWith --credentials, each request must be signed with an access key of the file (AWS Signature " +
    "Version 4), and may do what the key's policy allows. Without it, every request is accepted, and the server " +
    "listens beyond loopback only with --insecure.\n\nA browser at the server's address shows the explorer.\n\nA " +
    "size is a number of bytes, or a number with KB, MB or GB (powers of 1024). Beyond a limit of memory or " +
    "connections, clients get an error on which QLDB's drivers try again.\n\nEvery option has a variable, such " +
    "as LEDGER_SERVE_DATA for --data, or the one that it names.",
  options: SERVE_OPTIONS,
  examples: [
    { command: "ledger-loader ledger serve --data ./ledgers", what: "on this machine only" },
    {
      command:
        "ledger-loader ledger serve --data ./ledgers --host 0.0.0.0 --credentials keys.json --tls-cert tls.crt --tls-key tls.key",
      what: "for other machines",
    },
    {
      command: "ledger-loader ledger serve --data ./ledgers --max-document-bytes 1MB",
      what: "with documents larger than QLDB allowed",
    },
    {
      command:
        "ledger-loader ledger serve --data ./ledgers --max-request-memory 32MB --max-transaction-memory 64MB",
      what: "on a small machine",
    },
    {
      command: "ledger-loader ledger serve --data ./ledgers --explorer write",
      what: "with a web page that may change documents",
    },
    {
      command: "ledger-loader ledger serve --postgres postgres://ledger@db.example.com/ledgers",
      what: "with ledgers in PostgreSQL",
    },
  ],
  exits: { holds: "the server was stopped" },
  async run(context, _args, options) {
    const log = context.openLog(logChoice(options));
    for (const name of unknownVariables(context.terminal.env)) {
      log.warn({ name }, "the environment has a variable that is no setting of ledger serve");
    }
    const health = await startHealth(options);
    try {
      await serve(context, options, { log, health });
    } finally {
      await health?.close();
    }
    return { exitCode: ExitCode.holds, document: undefined, text: "" };
  },
});

async function startHealth({
  healthHost: host,
  healthPort: port,
}: ServeOptions): Promise<ServerHealth | undefined> {
  return port === undefined ? undefined : ServerHealth.start({ host, port });
}

/** The signs of a server's health. */
interface Watch {
  readonly log: Logger;
  readonly health: ServerHealth | undefined;
}

async function serve(context: CommandContext, options: ServeOptions, { log, health }: Watch): Promise<void> {
  const server = await openServer(context, options, { log, onRequest: health?.onRequest });
  health?.opened(server);
  const stopped = untilStopped(context);
  context.terminal.onReload(() => {
    void reload(server, log);
  });
  for (const notice of server.notices) log.warn({}, notice);
  await announce(context, options, { server, log, healthUrl: health?.url });
  await stopped;
  log.info({}, "stopping: requests that have arrived are completed");
  health?.stopping();
  await server.close();
  log.info({}, "stopped");
}

async function reload(server: LedgerServer, log: Logger): Promise<void> {
  try {
    await server.reload();
    log.info({}, "read the files of the command line again");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error(
      { reason },
      "cannot read the files of the command line again; the server continues with what it had",
    );
  }
}

/** The running server, and where it answers. */
interface Started {
  readonly server: LedgerServer;
  readonly log: Logger;
  readonly healthUrl: string | undefined;
}

async function announce(
  context: CommandContext,
  options: ServeOptions,
  { server, log, healthUrl }: Started,
): Promise<void> {
  const ledgers = await server.store.listLedgers();
  const { place } = server.store;
  const kept = options.data === undefined ? { database: place } : { data: place };
  // At a terminal, what follows says the same.
  if (context.terminal.stderr.isTTY !== true) {
    const { endpoint } = server;
    log.info({ endpoint, health: healthUrl, place, ledgers: ledgers.length, version: VERSION }, "listening");
  }
  context.announce({
    document: {
      endpoint: server.endpoint,
      health: healthUrl,
      ...kept,
      trust: server.selfSignedFile,
      ledgers,
      notices: server.notices,
    },
    text: [
      `${context.style.good("ledger server")} at ${context.style.bold(server.endpoint)}`,
      facts([
        ["data", place],
        [
          "ledgers",
          ledgers.length === 0
            ? `none yet: ${PROGRAM} ledger create NAME`
            : `${counted(ledgers.length, "ledger")}: ${ledgers.join(", ")}`,
        ],
        ["browse", browseAt(server, options)],
        ["connect", `a QLDB driver with this endpoint, any region and ${keysFor(options)}`],
        [
          "trust",
          server.selfSignedFile === undefined ? undefined : `NODE_EXTRA_CA_CERTS=${server.selfSignedFile}`,
        ],
        ["health", healthUrl === undefined ? undefined : `${healthUrl}/health, /metrics`],
        ["stop", "Ctrl-C"],
      ]),
    ].join("\n"),
  });
}

/** The address of the page. On a terminal, the address alone opens with a click. */
function browseAt({ endpoint }: LedgerServer, { explorer }: ServeOptions): string | undefined {
  if (explorer === "off") return undefined;
  return explorer === "write" ? `${endpoint}/ (may change documents)` : `${endpoint}/ (read-only)`;
}

function keysFor({ credentials }: ServeOptions): string {
  return credentials === undefined ? "any credentials" : `an access key of ${credentials}`;
}

function untilStopped({ terminal }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    terminal.onStop(() => {
      resolve();
    });
  });
}
