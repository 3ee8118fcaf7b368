// SPDX-License-Identifier: MIT
import { runWords } from "./run-words";

interface Place {
  readonly strandId: string;
  readonly sequenceNo: number;
  readonly id: string;
}

/** Redacts the first revision of a served ledger's table that has this version. It MUST not be a document's current one. */
export async function redactRevision(
  env: Readonly<Record<string, string>>,
  ledger: string,
  { table, version }: { readonly table: string; readonly version: number },
): Promise<void> {
  const ask = async <T>(statement: string): Promise<readonly T[]> => {
    const { stdout } = await runWords(["ledger", "query", ledger, statement, "--json"], { env });
    return (JSON.parse(stdout) as { readonly rows: readonly T[] }).rows;
  };
  const tables = `SELECT tableId FROM information_schema.user_tables WHERE name = '${table}'`;
  const [{ tableId } = { tableId: "" }] = await ask<{ readonly tableId: string }>(tables);
  const [place] = await ask<Place>(
    "SELECT h.blockAddress.strandId, h.blockAddress.sequenceNo, h.metadata.id " +
      `FROM history(${table}) AS h WHERE h.metadata.version = ${version}`,
  );
  if (place === undefined) throw new Error(`Expected a revision with version ${version}, found none.`);
  const address = `{strandId: "${place.strandId}", sequenceNo: ${place.sequenceNo}}`;
  await ask(`EXEC REDACT_REVISION \`${address}\`, '${tableId}', '${place.id}'`);
}
