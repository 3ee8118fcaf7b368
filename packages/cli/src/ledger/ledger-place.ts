// SPDX-License-Identifier: MIT
import { stat } from "node:fs/promises";
import type { LedgerStoreOptions } from "@ledger-loader/ledger";
import { FileError, UsageError } from "../cli-errors";
import type { OptionSpec } from "../options/command-spec";

const POSTGRES_SETTING = "LEDGER_LOADER_POSTGRES_URL";

/** The option of a command whose ledgers are in a database. */
export const POSTGRES_OPTION: OptionSpec = {
  flags: "--postgres <url>",
  description:
    "the PostgreSQL database of the ledgers: postgres://USER@HOST:PORT/DATABASE. " +
    "The password comes from PGPASSWORD or ~/.pgpass",
  env: POSTGRES_SETTING,
  replacedBy: ["--data"],
};

/** The options of a server whose ledgers are in a database. */
export const DATABASE_OPTIONS: readonly OptionSpec[] = [
  POSTGRES_OPTION,
  {
    flags: "--advertise <url>",
    description:
      "with --postgres: where the other servers reach this one. Default: the address and port it listens on",
  },
];

/** Where a server keeps its ledgers. */
export function placeFrom({
  data,
  postgres,
}: {
  readonly data?: string;
  readonly postgres?: string;
}): Pick<LedgerStoreOptions, "dataFolder" | "postgresUrl"> {
  if (data !== undefined && postgres !== undefined) {
    throw new UsageError("expected --data or --postgres, found both: name the folder or the database");
  }
  if (data !== undefined) return { dataFolder: data };
  if (postgres !== undefined) return { postgresUrl: requirePostgresUrl(postgres) };
  throw new UsageError(
    `expected --data, --postgres or ${POSTGRES_SETTING}, found none: name the folder or the database that keeps the ledgers`,
  );
}

/** Reads a folder, or the URL of a database. */
export function parsePlace(text: string): Pick<LedgerStoreOptions, "dataFolder" | "postgresUrl"> {
  return text.includes("://") ? { postgresUrl: requirePostgresUrl(text) } : { dataFolder: text };
}

/** The URL of a database as a command line may show it. */
export function withoutPassword(postgresUrl: string): string {
  const url = new URL(postgresUrl);
  url.password = "";
  url.searchParams.delete("password");
  return url.href;
}

/** The URL is not quoted: it may hold a password. */
function requirePostgresUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new UsageError(
    "expected the database as postgres://USER@HOST:PORT/DATABASE, found another text: write special characters of the " +
      "user and the password as %XX",
  );
}

/** Refuses a data folder that does not exist: one that is made on the way would hide a typing error. */
export async function requireLedgerFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (cause) {
    throw new FileError(
      folder,
      `expected the data folder of a ledger server at ${folder}, found nothing there`,
      { cause },
    );
  }
  throw new FileError(folder, `expected the data folder of a ledger server at ${folder}, found a file`);
}
