// SPDX-License-Identifier: MIT
import { decodeIon, type Hash, hashIon, transcodeInSteps } from "@ledger-loader/ion";
import type { dom } from "ion-js";
import type { LedgerLimits } from "../limits";
import type { StatementParameter } from "../transaction/transaction";
import { nextTurn } from "../turns";
import { badRequest } from "./aws-error";
import { type JsonObject, readArray, readBlob, readString } from "./json";

/** After so many bytes of parameters others have their turn: they take some milliseconds to read. */
const BYTES_PER_TURN = 32 * 1024;

/** A parameter of no bytes is work, too. */
const OVERHEAD_BYTES = 64;

/**
 * A value so many times longer than a parameter may be is not hashed, so that its statement does not count towards the commit
 * digest: hashing cannot be interrupted.
 */
const HASHED_FACTOR = 2;

/** What a value in memory takes beside its bytes: measured for empty lists, which are one byte each. */
const BYTES_PER_VALUE = 200;

/**
 * Reads a statement's parameters, in turns with everybody else's work.
 *
 * Values beyond the limits are not decoded: the transaction refuses them, and counts the statement towards its digest as
 * drivers do.
 *
 * @throws AwsError or MalformedIonError for what is no parameter
 */
export async function readParameters(
  command: JsonObject,
  limits: LedgerLimits,
): Promise<StatementParameter[]> {
  const parameters: SentParameter[] = [];
  const turns = new Turns();
  let memory = 0;
  for (const holder of readArray(command, "Parameters")) {
    const ion = await readIon(holder, limits, turns);
    requireHashable(ion, limits);
    await turns.spend(OVERHEAD_BYTES + ion.length);
    const parameter = new SentParameter(ion);
    await turns.spend(ion.length);
    if (memory <= limits.parameterMemoryMax) memory += parameter.decode(limits);
    parameters.push(parameter);
  }
  return parameters;
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
  const steps = transcodeInSteps(text, BYTES_PER_TURN);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await turns.spend(BYTES_PER_TURN);
  }
}

function requireHashable({ length }: Uint8Array, { parameterBytesMax }: LedgerLimits): void {
  if (length <= HASHED_FACTOR * parameterBytesMax) return;
  throw badRequest(
    `Expected a parameter of at most ${parameterBytesMax} bytes of Ion, found ${length}: abort the transaction.`,
  );
}

class SentParameter implements StatementParameter {
  readonly ion: Uint8Array;
  readonly hash: Hash;
  memory = 0;
  #value: dom.Value | undefined;

  constructor(ion: Uint8Array) {
    this.ion = ion;
    this.hash = hashIon(ion);
  }

  get value(): dom.Value {
    this.#value ??= decodeIon(this.ion);
    return this.#value;
  }

  /** Decodes the value, unless it is too long anyway. @returns the memory that it takes, in bytes */
  decode({ parameterBytesMax }: LedgerLimits): number {
    if (this.ion.length <= parameterBytesMax) {
      this.memory = 2 * this.ion.length + BYTES_PER_VALUE * countValues(this.value);
    }
    return this.memory;
  }
}

function countValues(value: dom.Value): number {
  if (value.isNull() || !value.getType().isContainer) return 1;
  return value.elements().reduce((sum, element) => sum + countValues(element), 1);
}
