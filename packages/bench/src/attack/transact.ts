// SPDX-License-Identifier: MIT
import { hashIon } from "@ledger-loader/ion";
import { CommitDigest, statementDigest } from "@ledger-loader/journal";
import type { ClientAnswer, CommandSender } from "./session-client";

/** A statement, with parameters as Ion binary where it has some. */
export type ClientStatement = string | { readonly text: string; readonly parameters: readonly Uint8Array[] };

/**
 * Runs statements in one transaction, and commits it.
 *
 * @param onAnswer is told how long each command took, in milliseconds.
 * @throws Error if a command is refused
 */
export async function transact(
  client: CommandSender,
  sessionToken: string,
  statements: readonly ClientStatement[],
  onAnswer: (ms: number) => void = () => undefined,
): Promise<void> {
  const send = async (command: object): Promise<ClientAnswer> => {
    const before = performance.now();
    const answer = await client.command({ SessionToken: sessionToken, ...command });
    onAnswer(performance.now() - before);
    return requireSuccess(answer);
  };
  const { body } = await send({ StartTransaction: {} });
  const { TransactionId } = body["StartTransaction"] as { TransactionId: string };
  const digest = new CommitDigest(TransactionId);
  for (const statement of statements) {
    const { text, parameters } =
      typeof statement === "string" ? { text: statement, parameters: [] } : statement;
    const Parameters = parameters.map((ion) => ({ IonBinary: Buffer.from(ion).toString("base64") }));
    await send({ ExecuteStatement: { TransactionId, Statement: text, Parameters } });
    digest.add(statementDigest(text, parameters.map(hashIon)));
  }
  const hash = Buffer.from(digest.hash).toString("base64");
  await send({ CommitTransaction: { TransactionId, CommitDigest: hash } });
}

/** Opens a session. @throws Error if it is refused */
export async function startSession(client: CommandSender, ledgerName: string): Promise<string> {
  const answer = requireSuccess(await client.command({ StartSession: { LedgerName: ledgerName } }));
  return (answer.body["StartSession"] as { SessionToken: string }).SessionToken;
}

function requireSuccess(answer: ClientAnswer): ClientAnswer {
  if (answer.status === 200) return answer;
  throw new Error(`${answer.status} ${answer.errorName ?? "untyped"}`);
}
