// SPDX-License-Identifier: MIT
import { type Attack, type AttackTarget, scaled } from "../attack";

const MEBIBYTE = 1024 * 1024;

/** Requests as long as the server takes them. */
export const bodyAttacks: readonly Attack[] = [
  {
    name: "large-bodies",
    what: "100 bodies of 16 MB, each one JSON text",
    run: (target) =>
      sendAll(target, 100, `{"StartSession":{"LedgerName":"${"a".repeat(16 * MEBIBYTE - 64)}"}}`),
  },
  {
    name: "many-members",
    what: "100 bodies of 16 MB, each a million JSON members",
    run: (target: AttackTarget): Promise<void> => {
      const member = '{"IonText":"0"},';
      const members = member.repeat((16 * MEBIBYTE) / member.length - 8);
      return sendAll(target, 100, `{"ExecuteStatement":{"Parameters":[${members}{}]}}`);
    },
  },
  {
    name: "nested-json",
    what: "200 bodies of 4 MB, each JSON nested a million times",
    run: (target: AttackTarget): Promise<void> => {
      const depth = 2 * MEBIBYTE - 16;
      return sendAll(target, 200, `{"StartSession":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    },
  },
];

/** Sends the same body so many times at once. */
async function sendAll(target: AttackTarget, count: number, text: string): Promise<void> {
  const body = Buffer.from(text);
  await Promise.allSettled(Array.from({ length: scaled(count, target) }, () => target.client.post(body)));
}
