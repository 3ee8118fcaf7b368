// SPDX-License-Identifier: MIT
import type { Logger } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import {
  openLedgerServer,
  type LedgerServer,
  type LedgerServerOptions,
  type ServerAccessOptions,
  type ServerObserver,
} from "@ledger-loader/ledger";
import { openS3Client } from "../channels/open-s3-client";
import { UsageError } from "../cli-errors";
import { parseEndpoint } from "../ledger/connection";
import { placeFrom } from "../ledger/ledger-place";
import type { CommandContext } from "../options/command-spec";
import { limitsFrom } from "../options/ledger-limits";
import { explorerFolder } from "./explorer-folder";
import { logServer } from "./log-server";
import type { ServeOptions } from "./serve-options";

/** The parts of a server that are watched. */
export interface ServerWatch {
  readonly log: Logger;
  readonly onRequest: ServerObserver["onRequest"];
}

/** Opens the server that the options describe. */
export async function openServer(
  { terminal }: CommandContext,
  options: ServeOptions,
  { log, onRequest }: ServerWatch,
): Promise<LedgerServer> {
  const { host, port, advertise } = options;
  try {
    return await openLedgerServer({
      ...placeFrom(options),
      ...(advertise === undefined ? {} : { advertise: parseEndpoint(advertise) }),
      host,
      port,
      allowedHosts: options.allowHost ?? [],
      allowedStreams: options.allowStream ?? [],
      allowedBuckets: options.allowBucket ?? [],
      s3Client: () => openS3Client(terminal.env),
      exportFolder: options.exportFolder,
      ...accessFrom(options),
      ...explorerFrom(options),
      limits: limitsFrom(options),
      ...logServer(log, onRequest),
    });
  } catch (error) {
    throw explain(error, options);
  }
}

function explorerFrom({ explorer: mode }: ServeOptions): Pick<LedgerServerOptions, "explorer"> {
  return mode === "off" ? {} : { explorer: { folder: explorerFolder(), mode } };
}

function accessFrom(options: ServeOptions): ServerAccessOptions {
  const { credentials, insecure = false } = options;
  const tls = tlsFrom(options);
  return {
    insecure,
    ...(credentials === undefined ? {} : { credentialsFile: credentials }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function tlsFrom({ tlsCert, tlsKey, tlsSelfSigned }: ServeOptions): ServerAccessOptions["tls"] {
  if (tlsSelfSigned === true && tlsCert === undefined && tlsKey === undefined) return "self-signed";
  if (tlsSelfSigned === true) {
    throw new UsageError("expected --tls-self-signed or --tls-cert and --tls-key, found both: leave one out");
  }
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificateFile: tlsCert, keyFile: tlsKey };
  throw new UsageError("expected --tls-cert and --tls-key together, found one of them: name both files");
}

function explain(error: unknown, { host, port }: ServeOptions): unknown {
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
