// SPDX-License-Identifier: MIT
import { answerParent } from "../child";
import type { AttackTarget } from "./attack";
import { ATTACKS } from "./attacks";
import { SessionClient } from "./session-client";

/** What the attacker's process is asked to do. */
export interface AttackRequest extends Omit<AttackTarget, "client"> {
  readonly endpoint: string;
  readonly attackName: string;
}

/** Carries out attacks in a process of its own, so that they do not take the time of the client that measures. */
export function runAttackerChild(): void {
  answerParent(async (message) => {
    const { endpoint, attackName, ...target } = message as AttackRequest;
    const attack = ATTACKS.find(({ name }) => name === attackName);
    if (attack === undefined) throw new Error(`Expected the name of an attack, found ${attackName}.`);
    const client = new SessionClient(endpoint);
    await attack.run({ ...target, client });
    client.close();
    return client.tally;
  });
}
