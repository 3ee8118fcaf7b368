// SPDX-License-Identifier: MIT
import {
  openLedgerServer,
  qldbLimits,
  type LedgerLimits,
  type LedgerServer,
  type LedgerServerOptions,
} from "@ledger-loader/ledger";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { DEFAULT_ENDPOINT, parseEndpoint, setting } from "../ledger/connection";
import { ExitCode } from "../output/exit-code";
import { counted, facts } from "../output/layout";
import { wholeNumber } from "../options/parse-options";
import type { Terminal } from "../output/terminal";
import { PROGRAM } from "../program-name";

interface Options {
  readonly data?: string;
  readonly postgres?: string;
  readonly advertise?: string;
  readonly host: string;
  readonly port: number;
  readonly allowHost?: readonly string[];
  readonly maxDocumentBytes?: number;
  readonly maxTransactionBytes?: number;
  readonly maxTransactionDocuments?: number;
  readonly maxTransactionSeconds?: number;
}

const POSTGRES_SETTING = "LEDGER_LOADER_POSTGRES_URL";

/** `ledger serve` */
export const ledgerServe: AnyCommandSpec = command<readonly [], Options>({
  path: ["ledger", "serve"],
  summary: "Runs a ledger server that QLDB's drivers connect to",
  description:
    "The session API, which the drivers use, and the control plane, which the AWS SDK's client-qldb uses, are on one " +
    "port. It keeps each ledger in one file of the data folder, or in a PostgreSQL database, which several servers may " +
    "share. It runs until it gets SIGINT (Ctrl-C) or SIGTERM; then it completes the requests under way. Nobody is authenticated: keep it on loopback or a network that you trust.\n\n" +
    "The limits are QLDB's unless raised here; journals with larger documents than QLDB allowed could not have come " +
    "from QLDB, and raised limits are said aloud at the start.",
  options: [
    {
      flags: "--data <folder>",
      description: "the folder that keeps the ledgers; it is made if it is missing",
    },
    {
      flags: "--postgres <url>",
      description:
        `the PostgreSQL database that keeps the ledgers, instead of --data: postgres://USER@HOST:PORT/DATABASE. ` +
        `Environment: ${POSTGRES_SETTING}. Leave the password to PGPASSWORD or ~/.pgpass: other users see a command line`,
    },
    {
      flags: "--advertise <url>",
      description:
        "with --postgres: where the other servers on the database reach this one. Default: the address and port it listens on",
    },
    { flags: "--host <address>", description: "the address to listen on", default: "127.0.0.1" },
    {
      flags: "--port <number>",
      description: "the port to listen on; 0 takes a free one",
      default: Number(new URL(DEFAULT_ENDPOINT).port),
      parse: wholeNumber("--port", 0, 65_535),
    },
    {
      flags: "--allow-host <name>",
      description:
        "a name in the Host header by which clients reach the server; loopback and the address it listens on are always allowed",
      repeatable: true,
    },
    limitOption("--max-document-bytes", "size of a document", qldbLimits.documentBytesMax),
    limitOption(
      "--max-transaction-bytes",
      "size of all that a transaction writes",
      qldbLimits.transactionBytesMax,
    ),
    limitOption(
      "--max-transaction-documents",
      "documents that a transaction writes",
      qldbLimits.documentsPerTransactionMax,
    ),
    limitOption(
      "--max-transaction-seconds",
      "life of a transaction",
      qldbLimits.transactionLifetimeMs / 1000,
    ),
  ],
  examples: [
    { command: "ledger-loader ledger serve --data ./ledgers", what: "on this machine only" },
    {
      command: "ledger-loader ledger serve --data ./ledgers --max-document-bytes 1000000",
      what: "with documents larger than QLDB allowed",
    },
    {
      command: "ledger-loader ledger serve --postgres postgres://ledger@db.example.com/ledgers",
      what: "with ledgers in PostgreSQL",
    },
  ],
  exits: { holds: "it was asked to stop and has stopped" },
  async run(context, _args, options) {
    const server = await open(context, options);
    const stopped = untilStopped(context);
    await announce(context, server, options);
    await stopped;
    context.note("stopping…");
    await server.close();
    return { exitCode: ExitCode.holds, document: undefined, text: "" };
  },
});

function limitOption(
  flag: string,
  what: string,
  qldb: number,
): NonNullable<AnyCommandSpec["options"]>[number] {
  return {
    flags: `${flag} <number>`,
    description: `limit: ${what} (QLDB's: ${qldb})`,
    parse: wholeNumber(flag, 1),
  };
}

async function open(context: CommandContext, options: Options): Promise<LedgerServer> {
  const { host, port, advertise } = options;
  const place = placeFrom(options, context.terminal.env);
  try {
    return await openLedgerServer({
      ...place,
      ...(advertise === undefined ? {} : { advertise: parseEndpoint(advertise) }),
      host,
      port,
      allowedHosts: options.allowHost ?? [],
      limits: limitsFrom(options),
      onDefect: (error) => {
        context.note(`a request failed because of the server: ${String(error)}`);
      },
    });
  } catch (error) {
    throw explain(error, options);
  }
}

/** Where the ledgers are kept. What the command line names counts before the environment. */
function placeFrom(
  { data, postgres }: Options,
  env: Terminal["env"],
): Pick<LedgerServerOptions, "dataFolder" | "postgresUrl"> {
  if (data !== undefined && postgres !== undefined) {
    throw new UsageError("expected --data or --postgres, found both: name the folder or the database");
  }
  if (data !== undefined) return { dataFolder: data };
  const postgresUrl = postgres ?? setting(env, POSTGRES_SETTING);
  if (postgresUrl !== undefined) return { postgresUrl: requirePostgresUrl(postgresUrl) };
  throw new UsageError(
    `expected --data, --postgres or ${POSTGRES_SETTING}, found none: name the folder or the database that keeps the ledgers`,
  );
}

/** The URL is not quoted: it may hold a password. */
function requirePostgresUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new UsageError(
    "expected the database as postgres://USER@HOST:PORT/DATABASE, found another text: write special characters of the " +
      "user and the password as %XX",
  );
}

/** A document arrives as a parameter, in a request and in a transaction: what holds it must not be smaller. */
function limitsFrom(options: Options): Partial<LedgerLimits> {
  const documentBytesMax = options.maxDocumentBytes ?? qldbLimits.documentBytesMax;
  const transactionBytesMax = Math.max(
    options.maxTransactionBytes ?? qldbLimits.transactionBytesMax,
    documentBytesMax * 2,
  );
  return {
    documentBytesMax,
    parameterBytesMax: Math.max(qldbLimits.parameterBytesMax, documentBytesMax),
    transactionBytesMax,
    requestBytesMax: Math.max(qldbLimits.requestBytesMax, transactionBytesMax * 2),
    ...(options.maxTransactionDocuments === undefined
      ? {}
      : { documentsPerTransactionMax: options.maxTransactionDocuments }),
    ...(options.maxTransactionSeconds === undefined
      ? {}
      : { transactionLifetimeMs: options.maxTransactionSeconds * 1000 }),
  };
}

function explain(error: unknown, { host, port }: Options): unknown {
  if (error instanceof LedgerLoaderError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "EADDRINUSE") {
    return new UsageError(
      `expected port ${port} of ${host} to be free, found it taken: another server is running there, or choose another --port`,
      { cause: error },
    );
  }
  if (!["EACCES", "EADDRNOTAVAIL", "ENOTFOUND"].includes(code)) return error;
  return new UsageError(`expected to be able to listen on ${host} port ${port}, found: ${String(error)}`, {
    cause: error,
  });
}

async function announce(context: CommandContext, server: LedgerServer, options: Options): Promise<void> {
  const ledgers = await server.store.listLedgers();
  const { place } = server.store;
  const kept = options.data === undefined ? { database: place } : { data: place };
  for (const notice of server.notices) context.note(`${context.style.warn("note:")} ${notice}`);
  context.announce({
    document: { endpoint: server.endpoint, ...kept, ledgers, notices: server.notices },
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
        ["connect", "a QLDB driver with this endpoint, any region and any credentials"],
        ["stop", "Ctrl-C"],
      ]),
    ].join("\n"),
  });
}

function untilStopped({ terminal }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    terminal.onStop(() => {
      resolve();
    });
  });
}
