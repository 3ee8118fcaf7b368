// SPDX-License-Identifier: MIT
import {
  countValues,
  decodeInSteps,
  decodeIon,
  type Hash,
  hashIon,
  transcodeInSteps,
} from "@ledger-loader/ion";
import type { dom } from "ion-js";
import type { LedgerLimits } from "../limits";
import type { StatementParameter } from "../transaction/statement-parameter";
import { nextTurn } from "../turns";
import { badRequest } from "./aws-error";
import { type JsonObject, readArray, readBlob, readString } from "./json";

/** After so many bytes of parameters others have their turn: they take some milliseconds to read. */
const BYTES_PER_TURN = 32 * 1024;

/** After so many bytes of values too, which take longer: a byte may be a value. */
const DECODED_PER_TURN = 4 * 1024;

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
 * Reads a statement's parameters, in turns with everybody else's work. What they will take as values is known then, and
 * {@link decodeParameters} makes the values.
 *
 * @throws AwsError or MalformedIonError for what is no parameter
 */
export async function readParameters(
  command: JsonObject,
  limits: LedgerLimits,
): Promise<readonly SentParameter[]> {
  const parameters: SentParameter[] = [];
  const turns = new Turns();
  for (const holder of readArray(command, "Parameters")) {
    const ion = await readIon(holder, limits, turns);
    requireHashable(ion, limits);
    await turns.spend(OVERHEAD_BYTES + ion.length);
    parameters.push(new SentParameter(ion, limits));
  }
  return parameters;
}

/**
 * Makes the values of parameters, in turns with everybody else's work.
 *
 * @param requireWanted - throws if the values are not wanted any more
 */
export async function decodeParameters(
  parameters: readonly SentParameter[],
  requireWanted: () => void,
): Promise<void> {
  const turns = new Turns(requireWanted);
  for (const parameter of parameters) await parameter.decode(turns);
}

/** A parameter as it was sent. */
export class SentParameter implements StatementParameter {
  readonly ion: Uint8Array;
  readonly hash: Hash;
  readonly memory: number;
  #value: dom.Value | undefined;

  constructor(ion: Uint8Array, limits: LedgerLimits) {
    this.ion = ion;
    this.hash = hashIon(ion);
    this.memory = memoryOf(ion, limits);
  }

  get value(): dom.Value {
    this.#value ??= decodeIon(this.ion);
    return this.#value;
  }

  async decode(turns: Turns): Promise<void> {
    // The transaction refuses what is too long without looking at it.
    if (this.memory === 0) return;
    await turns.spend(OVERHEAD_BYTES + this.ion.length);
    const steps = decodeInSteps(this.ion, DECODED_PER_TURN);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await turns.spend(BYTES_PER_TURN);
    this.#value = step.value;
  }
}

/** About how much memory the value takes, in bytes; nothing if it is too long and will not be made. */
function memoryOf(ion: Uint8Array, { parameterBytesMax }: LedgerLimits): number {
  return ion.length > parameterBytesMax ? 0 : 2 * ion.length + BYTES_PER_VALUE * countValues(ion);
}

/** Waits for a turn before work that would make the present turn a long one. */
class Turns {
  readonly #afterTurn: () => void;
  #left = BYTES_PER_TURN;

  constructor(afterTurn: () => void = () => undefined) {
    this.#afterTurn = afterTurn;
  }

  async spend(bytes: number): Promise<void> {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    await nextTurn();
    this.#left = BYTES_PER_TURN - bytes;
    this.#afterTurn();
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
