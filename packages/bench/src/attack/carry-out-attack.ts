// SPDX-License-Identifier: MIT
import type { AttackTarget } from "./attack";
import { ATTACKS } from "./attacks";
import { type AnswerTally, SessionClient } from "./session-client";

/** An attack by its name, and on what. */
export interface AttackRequest extends Omit<AttackTarget, "client"> {
  readonly endpoint: string;
  readonly attackName: string;
}

/** Carries out one attack from this process. @returns what the attacker was answered */
export async function carryOutAttack({
  endpoint,
  attackName,
  ...target
}: AttackRequest): Promise<AnswerTally> {
  const attack = ATTACKS.find(({ name }) => name === attackName);
  if (attack === undefined) throw new Error(`Expected the name of an attack, found ${attackName}.`);
  const client = new SessionClient(endpoint);
  await attack.run({ ...target, client });
  client.close();
  return client.tally;
}
