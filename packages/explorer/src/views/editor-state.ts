// SPDX-License-Identifier: MIT

/** The text of the editor of each ledger, for as long as the page is open. */
const statements = new Map<string, string>();

/** Keeps what the editor of a ledger holds. */
export function keepStatement(ledger: string, statement: string): void {
  statements.set(ledger, statement);
}

/** The text in the editor of a ledger. */
export function keptStatement(ledger: string): string {
  return statements.get(ledger) ?? "SELECT * FROM information_schema.user_tables";
}
