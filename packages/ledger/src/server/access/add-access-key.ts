// SPDX-License-Identifier: MIT
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { CredentialsFileError } from "./credentials-file-error";
import { CredentialsFile } from "./credentials-file";

/** How much the owner of a new key may do. */
export type AccessLevel = "full" | "write" | "read";

/** A key to add to a file of credentials. */
export interface NewAccessKey {
  /** By this name refusals mention the key's owner. */
  readonly userName: string;
  readonly level: AccessLevel;
  /** The ledgers that the key is for. Default: every ledger. */
  readonly ledgerNames?: readonly string[];
}

/** The two texts that a client needs. */
export interface AccessKeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const READ = [
  "qldb:SendCommand",
  "qldb:PartiQLSelect",
  "qldb:PartiQLHistoryFunction",
  "qldb:DescribeLedger",
  "qldb:GetDigest",
  "qldb:GetBlock",
  "qldb:GetRevision",
  "qldb:ExportJournalToS3",
];
const WRITE = [
  "qldb:PartiQLInsert",
  "qldb:PartiQLUpdate",
  "qldb:PartiQLDelete",
  "qldb:PartiQLCreateTable",
  "qldb:PartiQLCreateIndex",
];

/** The actions of each level, as an IAM policy names them. */
const ACTIONS: Readonly<Record<AccessLevel, readonly string[]>> = {
  full: ["qldb:*"],
  write: [...READ, ...WRITE],
  read: READ,
};

/**
 * Adds a new key to a file of credentials and creates the file if it is missing. A server reads the file at its start and on
 * `reload`.
 *
 * @throws CredentialsFileError if the file cannot be written, or an existing one cannot be used
 */
export async function addAccessKey(path: string, key: NewAccessKey): Promise<AccessKeyPair> {
  const pair = {
    accessKeyId: `LL${randomBytes(9).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
  };
  const entry = {
    UserName: key.userName,
    AccessKeyId: pair.accessKeyId,
    SecretAccessKey: pair.secretAccessKey,
    Statement: [{ Effect: "Allow", Action: ACTIONS[key.level], Resource: resourcesOf(key.ledgerNames) }],
  };
  const Keys = [...(await readEntries(path)), entry];
  await writePrivately(path, `${JSON.stringify({ Keys }, undefined, 2)}\n`);
  return pair;
}

function resourcesOf(ledgerNames: readonly string[] | undefined): readonly string[] {
  return (
    ledgerNames?.flatMap((name) => [
      `arn:aws:qldb:*:*:ledger/${name}`,
      `arn:aws:qldb:*:*:ledger/${name}/*`,
      `arn:aws:qldb:*:*:stream/${name}/*`,
    ]) ?? ["*"]
  );
}

async function readEntries(path: string): Promise<readonly unknown[]> {
  try {
    const content = await readFile(path, "utf8");
    await CredentialsFile.open(path);
    return (JSON.parse(content) as { readonly Keys: readonly unknown[] }).Keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error instanceof CredentialsFileError ? error : unwritable(path, error);
  }
}

/** A reader sees the old file or the new one, and others see neither. */
async function writePrivately(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): CredentialsFileError {
  const { code = "an error" } = error as NodeJS.ErrnoException;
  return new CredentialsFileError(
    path,
    `expected to be able to write this file, found ${code}: check the path and the rights of this process`,
    error,
  );
}
