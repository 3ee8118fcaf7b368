// SPDX-License-Identifier: MIT
import type { Attack } from "./attack";
import { bodyAttacks } from "./attacks/bodies";
import { connectionAttacks } from "./attacks/connections";
import { parameterAttacks } from "./attacks/parameters";
import { statementAttacks } from "./attacks/statements";
import { transactionAttacks } from "./attacks/transactions";

/** All attacks, in the order of the table of results. */
export const ATTACKS: readonly Attack[] = [
  ...connectionAttacks,
  ...bodyAttacks,
  ...transactionAttacks,
  ...parameterAttacks,
  ...statementAttacks,
];
