// SPDX-License-Identifier: MIT
import { answerParent, startChild } from "../child";
import { type AttackRequest, carryOutAttack } from "./carry-out-attack";
import type { AnswerTally } from "./session-client";

/** The attacker's process: an attack does not take the time of the client that measures. */
export function runAttackerChild(): void {
  answerParent((message) => carryOutAttack(message as AttackRequest));
}

/** Carries out one attack from a process of its own. @returns what the attacker was answered */
export async function carryOutInChild(request: AttackRequest): Promise<AnswerTally> {
  const attacker = startChild("attacker");
  try {
    return (await attacker.ask(request)) as AnswerTally;
  } finally {
    await attacker.stop();
  }
}
