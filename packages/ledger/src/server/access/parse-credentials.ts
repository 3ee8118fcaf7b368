// SPDX-License-Identifier: MIT
import type { PolicyStatement } from "./policy";

/** An access key as the file of credentials holds it. */
export interface CredentialsEntry {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  readonly statements: readonly PolicyStatement[];
}

/** A file of credentials does not have the form that is expected; the message says where. */
export class CredentialsFormatError extends Error {}

type Members = Readonly<Record<string, unknown>>;

/**
 * Parses the JSON of a file of credentials: `{"Keys": [{"AccessKeyId", "SecretAccessKey", "UserName", "Statement"}]}`, where
 * `Statement` is that of an IAM policy.
 *
 * @throws CredentialsFormatError
 */
export function parseCredentials(json: string): readonly CredentialsEntry[] {
  const file = membersOf(parseJson(json), "the file", ["Keys"]);
  const entries = listOf(file["Keys"], "Keys").map((key, at) => parseKey(key, `Keys[${at}]`));
  const ids = new Set<string>();
  for (const { accessKeyId } of entries) {
    if (ids.has(accessKeyId))
      throw new CredentialsFormatError(`found the AccessKeyId ${accessKeyId} twice: remove one entry`);
    ids.add(accessKeyId);
  }
  return entries;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's message quotes the text, which holds secrets.
    throw new CredentialsFormatError('expected JSON, found other text: write {"Keys": [...]}');
  }
}

function parseKey(value: unknown, where: string): CredentialsEntry {
  const key = membersOf(value, where, ["AccessKeyId", "SecretAccessKey", "UserName", "Statement"]);
  const accessKeyId = textOf(
    key["AccessKeyId"],
    `${where}.AccessKeyId`,
    /^\w{4,128}$/,
    "4 to 128 letters, digits and _",
  );
  const secretAccessKey = textOf(
    key["SecretAccessKey"],
    `${where}.SecretAccessKey`,
    /^.{16,}$/s,
    "at least 16 characters",
  );
  const userName = textOf(
    key["UserName"] ?? accessKeyId,
    `${where}.UserName`,
    /^[\w+=,.@-]{1,64}$/,
    "1 to 64 letters, digits and +=,.@_-",
  );
  const statements = listOf(key["Statement"], `${where}.Statement`).map((statement, at) =>
    parseStatement(statement, `${where}.Statement[${at}]`),
  );
  return { accessKeyId, secretAccessKey, userName, statements };
}

function parseStatement(value: unknown, where: string): PolicyStatement {
  const statement = membersOf(value, where, ["Sid", "Effect", "Action", "Resource"]);
  const effect = statement["Effect"];
  if (effect !== "Allow" && effect !== "Deny") {
    throw new CredentialsFormatError(`expected ${where}.Effect to be "Allow" or "Deny"`);
  }
  return {
    effect,
    actions: patternsOf(
      statement["Action"],
      `${where}.Action`,
      /^(?:\*|[\w*?-]+:[\w*?]+)$/,
      '"qldb:SendCommand" or "qldb:*"',
    ),
    resources: patternsOf(
      statement["Resource"],
      `${where}.Resource`,
      /^(?:\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/,
      '"*" or "arn:aws:qldb:*:*:ledger/NAME"',
    ),
  };
}

/** A member that is not known could restrict what is allowed, so it is refused. */
function membersOf(value: unknown, where: string, known: readonly string[]): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CredentialsFormatError(`expected ${where} to be an object with ${known.join(", ")}`);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return value as Members;
  throw new CredentialsFormatError(
    `expected only ${known.join(", ")} in ${where}, found ${JSON.stringify(unknown.slice(0, 64))}: this server does not support it`,
  );
}

function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new CredentialsFormatError(`expected ${where} to be a list`);
}

function textOf(value: unknown, where: string, form: RegExp, what: string): string {
  if (typeof value === "string" && form.test(value)) return value;
  throw new CredentialsFormatError(`expected ${where} to be a text of ${what}`);
}

/** One pattern or a list of patterns, as in IAM. */
function patternsOf(value: unknown, where: string, form: RegExp, such: string): readonly string[] {
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  return patterns.map((pattern) => {
    if (typeof pattern === "string" && form.test(pattern)) return pattern;
    throw new CredentialsFormatError(
      `expected ${where} to be a text such as ${such}, or a list of such texts`,
    );
  });
}
