// SPDX-License-Identifier: MIT
import {
  hashPartsInSteps,
  readSingleValue,
  runInTurns,
  transcodeInSteps,
  validateIon,
} from "@ledger-loader/ion";
import type { LedgerLimits } from "../limits";
import type { StatementParameter } from "../transaction/statement-parameter";
import { HASHED_PER_TURN, nextTurn } from "../turns";
import { badRequest } from "./aws-error";
import { type JsonObject, readArray, readBlob, readString } from "./json";

/** After so many bytes of parameters others have their turn: they take some milliseconds to read. */
const BYTES_PER_TURN = 32 * 1024;

/** A parameter of no bytes is work, too. */
const OVERHEAD_BYTES = 64;

/**
 * A value so many times longer than a parameter may be is not hashed, so that its statement does not count towards the commit
 * digest.
 */
const HASHED_FACTOR = 2;

/** The memory that a value takes in addition to its bytes: measured for empty lists, which are one byte each. */
const BYTES_PER_VALUE = 200;

/**
 * Reads a statement's parameters, in turns with everybody else's work: checks them, and hashes them. They stay bytes.
 *
 * @throws AwsError, MalformedIonError or UnknownSymbolError for what is no parameter
 */
export async function readParameters(
  command: JsonObject,
  limits: LedgerLimits,
): Promise<readonly StatementParameter[]> {
  const parameters: StatementParameter[] = [];
  const turns = new Turns();
  for (const holder of readArray(command, "Parameters")) {
    const bytes = await readIon(holder, limits, turns);
    requireHashable(bytes, limits);
    await turns.spend(OVERHEAD_BYTES + bytes.length);
    parameters.push(await readParameter(bytes, limits, turns));
  }
  return parameters;
}

async function readParameter(
  bytes: Uint8Array,
  { parameterBytesMax }: LedgerLimits,
  turns: Turns,
): Promise<StatementParameter> {
  const ion = readSingleValue(bytes);
  // The transaction refuses what is too long without looking at it.
  const memory = bytes.length > parameterBytesMax ? 0 : 2 * bytes.length + BYTES_PER_VALUE * validateIon(ion);
  const { hash, structs } = await runInTurns(hashPartsInSteps(ion, HASHED_PER_TURN), () =>
    turns.spend(BYTES_PER_TURN),
  );
  return { ion, hash, structs, memory };
}

/** Waits for a turn before work that would make the present turn a long one. */
class Turns {
  #left = BYTES_PER_TURN;

  async spend(bytes: number): Promise<void> {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    await nextTurn();
    this.#left = BYTES_PER_TURN - bytes;
  }
}

async function readIon(holder: JsonObject, limits: LedgerLimits, turns: Turns): Promise<Uint8Array> {
  if (holder["IonBinary"] !== undefined) return readBlob(holder, "IonBinary");
  const text = readString(holder, "IonText");
  if (Buffer.byteLength(text) > limits.parameterTextBytesMax) {
    throw badRequest(
      `Expected a parameter of at most ${limits.parameterTextBytesMax} bytes of text, found more.`,
    );
  }
  await turns.spend(Math.min(text.length, BYTES_PER_TURN));
  return runInTurns(transcodeInSteps(text, BYTES_PER_TURN), () => turns.spend(BYTES_PER_TURN));
}

function requireHashable({ length }: Uint8Array, { parameterBytesMax }: LedgerLimits): void {
  if (length <= HASHED_FACTOR * parameterBytesMax) return;
  throw badRequest(
    `Expected a parameter of at most ${parameterBytesMax} bytes of Ion, found ${length}: abort the transaction.`,
  );
}
