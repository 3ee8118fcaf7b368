// SPDX-License-Identifier: MIT
import {
  isStreamPattern,
  openLedgerServer,
  SELF_SIGNED_FILE,
  type LedgerServer,
  type ServerAccessOptions,
  type ServerObserver,
} from "@ledger-loader/ledger";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { UsageError } from "../cli-errors";
import { command, type AnyCommandSpec, type CommandContext } from "../options/command-spec";
import { DEFAULT_ENDPOINT, parseEndpoint } from "../ledger/connection";
import { DATABASE_OPTIONS, placeFrom } from "../ledger/ledger-place";
import { ExitCode } from "../output/exit-code";
import { counted, facts } from "../output/layout";
import { type LimitOptions, limitOptions, limitsFrom } from "../options/ledger-limits";
import { wholeNumber } from "../options/parse-options";
import { PROGRAM } from "../program-name";
import { ServerHealth } from "../serve/server-health";

interface Options extends LimitOptions {
  readonly data?: string;
  readonly postgres?: string;
  readonly advertise?: string;
  readonly host: string;
  readonly port: number;
  readonly exportFolder?: string;
  readonly allowHost?: readonly string[];
  readonly credentials?: string;
  readonly insecure?: true;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsSelfSigned?: true;
  readonly allowStream?: readonly string[];
  readonly healthPort?: number;
  readonly healthHost: string;
}

/** `ledger serve` */
export const ledgerServe: AnyCommandSpec = command<readonly [], Options>({
  path: ["ledger", "serve"],
  summary: "Runs a ledger server that QLDB's drivers connect to",
  description:
    "The session API, which the drivers use, and the control plane, which the AWS SDK's client-qldb uses, are on one " +
    "port. It keeps each ledger in one file of the data folder, or in a PostgreSQL database, which several servers may " +
    "share. It runs until it gets SIGINT (Ctrl-C) or SIGTERM; then it completes the requests under way. SIGHUP makes it read the files of --credentials, --tls-cert and --tls-key again.\n\n" +
    "With --credentials, each request must be signed with an access key of the file (AWS Signature Version 4), as drivers and " +
    "SDKs do, and may do what the key's policy allows. Without it, no request is authenticated, and the server listens beyond loopback only " +
    "with --insecure.\n\n" +
    "The limits are QLDB's unless raised here; journals with larger documents than QLDB allowed could not have come " +
    "from QLDB, and raised limits are said aloud at the start. A size is a number of bytes, or one with KB, MB or GB (powers of " +
    "1024).\n\n" +
    "Limits of memory and connections protect the server from its clients. Beyond one, a client gets an error on which QLDB's " +
    "drivers try again, unless the option says otherwise.",
  options: [
    {
      flags: "--data <folder>",
      description: "the folder that keeps the ledgers; it is made if it is missing",
    },
    ...DATABASE_OPTIONS,
    { flags: "--host <address>", description: "the address to listen on", default: "127.0.0.1" },
    {
      flags: "--port <number>",
      description: "the port to listen on; 0 takes a free one",
      default: Number(new URL(DEFAULT_ENDPOINT).port),
      parse: wholeNumber("--port", 0, 65_535),
    },
    {
      flags: "--credentials <file>",
      description: "a JSON file of access keys with their permissions; see ledger add-key",
    },
    {
      flags: "--export-folder <folder>",
      description: "the folder to which ExportJournalToS3 exports: each bucket is a folder in it",
    },
    {
      flags: "--insecure",
      description:
        "listen beyond loopback without --credentials: everybody who reaches the server may do everything",
    },
    {
      flags: "--tls-cert <file>",
      description: "serve by TLS: the certificate and those of its issuers, in PEM; with --tls-key",
    },
    { flags: "--tls-key <file>", description: "the private key of --tls-cert, in PEM" },
    {
      flags: "--tls-self-signed",
      description: `serve by TLS with a new certificate, for trying; clients trust it by ${SELF_SIGNED_FILE} in the data folder, or where the server says`,
    },
    {
      flags: "--allow-host <name>",
      description:
        "a name in the Host header by which clients reach the server; loopback and the address it listens on are always allowed",
      repeatable: true,
    },
    {
      flags: "--allow-stream <arn>",
      description:
        "the ARN of a Kinesis data stream into which journals may be streamed with the server's AWS credentials; * and ? stand for any characters and for one",
      repeatable: true,
      parse: streamPattern,
    },
    {
      flags: "--health-port <number>",
      description:
        "answer /health/live, /health/ready and Prometheus' /metrics on this port, for everybody who reaches it; 0 takes a free one. Without it, they are answered nowhere",
      parse: wholeNumber("--health-port", 0, 65_535),
    },
    {
      flags: "--health-host <address>",
      description: "the address to listen on for --health-port",
      default: "127.0.0.1",
    },
    ...limitOptions,
  ],
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
      command: "ledger-loader ledger serve --postgres postgres://ledger@db.example.com/ledgers",
      what: "with ledgers in PostgreSQL",
    },
  ],
  exits: { holds: "it was asked to stop and has stopped" },
  async run(context, _args, options) {
    const health = await startHealth(options);
    try {
      await serve(context, options, health);
    } finally {
      await health?.close();
    }
    return { exitCode: ExitCode.holds, document: undefined, text: "" };
  },
});

async function startHealth({
  healthHost: host,
  healthPort: port,
}: Options): Promise<ServerHealth | undefined> {
  return port === undefined ? undefined : ServerHealth.start({ host, port });
}

async function serve(
  context: CommandContext,
  options: Options,
  health: ServerHealth | undefined,
): Promise<void> {
  const server = await open(context, options, health?.onRequest);
  health?.opened(server);
  const stopped = untilStopped(context);
  context.terminal.onReload(() => {
    void reload(context, server);
  });
  await announce(context, options, { server, healthUrl: health?.url });
  await stopped;
  context.note("stopping…");
  health?.stopping();
  await server.close();
}

function streamPattern(text: string): string {
  if (isStreamPattern(text)) return text;
  throw new UsageError(
    "expected --allow-stream to be the ARN of a Kinesis data stream such as arn:aws:kinesis:REGION:ACCOUNT:stream/NAME, " +
      `found ${JSON.stringify(text)}`,
  );
}

function accessFrom(options: Options): ServerAccessOptions {
  const { credentials, insecure = false } = options;
  const tls = tlsFrom(options);
  return {
    insecure,
    ...(credentials === undefined ? {} : { credentialsFile: credentials }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function tlsFrom({ tlsCert, tlsKey, tlsSelfSigned }: Options): ServerAccessOptions["tls"] {
  if (tlsSelfSigned === true && tlsCert === undefined && tlsKey === undefined) return "self-signed";
  if (tlsSelfSigned === true) {
    throw new UsageError("expected --tls-self-signed or --tls-cert and --tls-key, found both: leave one out");
  }
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificateFile: tlsCert, keyFile: tlsKey };
  throw new UsageError("expected --tls-cert and --tls-key together, found one of them: name both files");
}

async function open(
  context: CommandContext,
  options: Options,
  onRequest: ServerObserver["onRequest"],
): Promise<LedgerServer> {
  const { host, port, advertise } = options;
  const place = placeFrom(options, context.terminal.env);
  try {
    return await openLedgerServer({
      ...place,
      ...(advertise === undefined ? {} : { advertise: parseEndpoint(advertise) }),
      host,
      port,
      allowedHosts: options.allowHost ?? [],
      allowedStreams: options.allowStream ?? [],
      exportFolder: options.exportFolder,
      ...accessFrom(options),
      limits: limitsFrom(options),
      observer: onRequest === undefined ? {} : { onRequest },
      onWarning: (warning) => {
        context.note(`${context.style.warn("warning:")} ${warning}`);
      },
      onInfo: (message) => {
        context.note(message);
      },
      onDefect: (error) => {
        context.note(`a request failed because of the server: ${String(error)}`);
      },
    });
  } catch (error) {
    throw explain(error, options);
  }
}

async function reload(context: CommandContext, server: LedgerServer): Promise<void> {
  try {
    await server.reload();
    context.note("read the files of the command line again");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.note(`${context.style.warn("note:")} ${message}; the server continues with what it had`);
  }
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

/** What runs, and where it answers. */
interface Started {
  readonly server: LedgerServer;
  readonly healthUrl: string | undefined;
}

async function announce(
  context: CommandContext,
  options: Options,
  { server, healthUrl }: Started,
): Promise<void> {
  const ledgers = await server.store.listLedgers();
  const { place } = server.store;
  const kept = options.data === undefined ? { database: place } : { data: place };
  for (const notice of server.notices) context.note(`${context.style.warn("note:")} ${notice}`);
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

function keysFor({ credentials }: Options): string {
  return credentials === undefined ? "any credentials" : `an access key of ${credentials}`;
}

function untilStopped({ terminal }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    terminal.onStop(() => {
      resolve();
    });
  });
}
