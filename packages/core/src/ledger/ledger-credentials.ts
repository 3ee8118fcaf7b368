// SPDX-License-Identifier: MIT
import type { LedgerCredentials } from "./driver-ledger";
import { ConfigurationError } from "../errors";

/**
 * How long keys are used before the secret is read again. The AWS SDK asks for new ones five minutes before they expire, so a
 * rotated key is in use ten minutes later at most.
 */
const LIFETIME_MS = 15 * 60_000;

/**
 * Provides a ledger's own keys from a secret of the form `{"accessKeyId": …, "secretAccessKey": …}`. The provider rejects with
 * ConfigurationError if the secret is of another form; its message never holds what the secret does.
 */
export function ledgerCredentials(
  secretId: string,
  readSecret: (secretId: string) => Promise<string>,
): () => Promise<LedgerCredentials> {
  return async () => {
    const keys = parseKeys(await readSecret(secretId));
    if (keys !== undefined) return { ...keys, expiration: new Date(Date.now() + LIFETIME_MS) };
    throw new ConfigurationError([
      `LEDGER_CREDENTIALS_SECRET: expected a secret like {"accessKeyId": "…", "secretAccessKey": "…"}, found another form in ${secretId}`,
    ]);
  };
}

function parseKeys(text: string): Pick<LedgerCredentials, "accessKeyId" | "secretAccessKey"> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
  const { accessKeyId, secretAccessKey } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isText(accessKeyId) && isText(secretAccessKey) ? { accessKeyId, secretAccessKey } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
