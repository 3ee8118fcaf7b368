// SPDX-License-Identifier: MIT

/** Region and account are part of the ARNs of AWS; here they are always the same. */
const PREFIX = "arn:aws:qldb:local:000000000000:";

/** The ARN of a ledger. */
export function ledgerArn(ledgerName: string): string {
  return `${PREFIX}ledger/${ledgerName}`;
}

/** The ARN of a table, by its id or its name; `*` for a table that does not exist yet. */
export function tableArn(ledgerName: string, table: string): string {
  return `${ledgerArn(ledgerName)}/table/${table}`;
}

/** The ARN of `information_schema.user_tables`. */
export function userTablesArn(ledgerName: string): string {
  return `${ledgerArn(ledgerName)}/information_schema/user_tables`;
}

/** The ARN of a journal stream. */
export function streamArn(ledgerName: string, streamId: string): string {
  return `${PREFIX}stream/${ledgerName}/${streamId}`;
}

/** The ARN by which messages name the owner of an access key. */
export function userArn(userName: string): string {
  return `arn:aws:iam::000000000000:user/${userName}`;
}
